// <mirror-quiz>: one pair at a time; says at once whether a choice was right, and how many have been. The first choice of
// a pair counts; nothing is kept or sent.

import { comeAgain } from "./come.js";
import { all, around, find } from "./dom.js";
import { nextOf, showOnly } from "./rounds.js";

class MirrorQuiz extends HTMLElement {
  #leave = new AbortController();
  #at = 0;
  /** @type {HTMLFieldSetElement[]} */
  pairs = [];

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    this.pairs = all(this, "fieldset", HTMLFieldSetElement);
    for (const box of all(this, "[type=radio]", HTMLInputElement)) box.checked = false; // a browser may remember
    this.addEventListener("change", (event) => this.#choose(event), { signal });
    find(this, "[data-action=on]", HTMLElement).addEventListener("click", () => this.#goOn(), { signal });
    find(this, "[data-action=again]", HTMLElement).addEventListener("click", () => this.#again(), { signal });
    showOnly(this.pairs, 0);
    this.classList.add("quiz-ready");
    comeAgain(this, signal);
  }

  disconnectedCallback() {
    this.#leave.abort();
  }

  /** @param {Event} event */
  #choose(event) {
    const pair = around(event, "fieldset", HTMLFieldSetElement);
    const box = around(event, "input", HTMLInputElement);
    if (!pair || !box || pair.dataset.choice) return;
    pair.dataset.choice = box.value;
    for (const one of all(pair, "[type=radio]", HTMLInputElement)) one.disabled = one !== box;
    const verdict = find(pair, ".quiz-verdict", HTMLElement);
    verdict.textContent = `${box.value === "right" ? "Right:" : "Wrong:"} ${verdict.dataset.answer}`;
    this.classList.add("quiz-answered");
    this.#count();
    find(this, ".quiz-on", HTMLElement).scrollIntoView({ block: "nearest" });
  }

  #again() {
    for (const box of all(this, "[type=radio]", HTMLInputElement)) box.checked = box.disabled = false;
    for (const pair of this.pairs) {
      delete pair.dataset.choice;
      find(pair, ".quiz-verdict", HTMLElement).textContent = "";
    }
    this.classList.remove("quiz-done");
    find(this, ".quiz-score", HTMLElement).textContent = "";
    this.#at = this.pairs.length - 1;
    this.#goOn();
  }

  #goOn() {
    this.#at = nextOf(this.pairs, this.#at);
    showOnly(this.pairs, this.#at);
    this.classList.remove("quiz-answered");
    const pair = this.pairs[this.#at];
    find(pair, "input", HTMLInputElement).focus({ preventScroll: true });
    pair.scrollIntoView({ block: "nearest" });
  }

  #count() {
    const { pairs } = this;
    const done = pairs.filter(({ dataset }) => dataset.choice);
    const right = done.filter(({ dataset }) => dataset.choice === "right");
    const score = find(this, ".quiz-score", HTMLElement);
    this.classList.toggle("quiz-done", done.length === pairs.length);
    score.textContent =
      done.length < pairs.length
        ? `${right.length} right of ${done.length} so far.`
        : `${right.length} right of ${pairs.length}. Chance alone would get about ${pairs.length / 2}.`;
  }
}

customElements.define("mirror-quiz", MirrorQuiz);
