// <mirror-quiz>: one pair at a time; says at once whether a choice was right, and how many have been. The first choice of
// a pair counts: by pointer each, by keys the one that Enter or Space is pressed on. Nothing is kept or sent.

import { comeAgain } from "./come.js";
import { all, around, find } from "./dom.js";
import { nextOf, showOnly } from "./rounds.js";

const LOOKS = "Enter or Space chooses it.";

class MirrorQuiz extends HTMLElement {
  #leave = new AbortController();
  #at = 0;
  #looks = false; // an arrow key is down: what it checks, and clicks, is not chosen yet
  /** @type {HTMLFieldSetElement[]} */
  pairs = [];

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    this.pairs = all(this, "fieldset", HTMLFieldSetElement);
    const open = all(this, "fieldset:not([data-choice]) [type=radio]", HTMLInputElement);
    for (const box of open) box.checked = false; // a browser may remember
    this.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    for (const end of ["keyup", "pointerdown"]) this.addEventListener(end, () => this.#rest(), { signal });
    this.addEventListener("change", () => this.#onChange(), { signal });
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    find(this, "[data-action=on]", HTMLElement).addEventListener("click", () => this.#goOn(), { signal });
    find(this, "[data-action=again]", HTMLElement).addEventListener("click", () => this.#again(), { signal });
    showOnly(this.pairs, this.#at);
    this.classList.add("quiz-ready");
    comeAgain(this, signal);
  }

  disconnectedCallback() {
    this.#leave.abort();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    this.#looks = event.key.startsWith("Arrow");
    const box = around(event, "[type=radio]", HTMLInputElement);
    if (!box || event.repeat || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    box.checked = true;
    this.#choose(box);
  }

  #rest() {
    this.#looks = false;
  }

  #onChange() {
    if (this.#looks) find(this.pairs[this.#at], ".quiz-verdict", HTMLElement).textContent = LOOKS;
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const box = around(event, "[type=radio]", HTMLInputElement);
    if (box && !this.#looks) this.#choose(box);
  }

  /** @param {HTMLInputElement} box */
  #choose(box) {
    const pair = this.pairs[this.#at];
    if (pair.dataset.choice) return;
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
    find(pair, "legend", HTMLElement).focus({ preventScroll: true }); // a press too many on the way on chooses nothing
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
