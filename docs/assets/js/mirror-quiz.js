// <mirror-quiz>: says at once whether a choice was right, and how many have been. The first choice of a pair counts;
// nothing is kept or sent.

import { all, around, find } from "./dom.js";

class MirrorQuiz extends HTMLElement {
  #leave = new AbortController();

  connectedCallback() {
    this.#leave = new AbortController();
    for (const box of all(this, "[type=radio]", HTMLInputElement)) box.checked = false; // a browser may remember
    this.addEventListener("change", (event) => this.#choose(event), { signal: this.#leave.signal });
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
    verdict.textContent = `${box.value === "right" ? "Right." : "No."} ${verdict.dataset.answer}`;
    this.#count();
  }

  #count() {
    const pairs = all(this, "fieldset", HTMLFieldSetElement);
    const done = pairs.filter(({ dataset }) => dataset.choice);
    const right = done.filter(({ dataset }) => dataset.choice === "right");
    const score = find(this, ".quiz-score", HTMLElement);
    score.hidden = false;
    score.textContent =
      done.length < pairs.length
        ? `${right.length} right of ${done.length} so far.`
        : `${right.length} right of ${pairs.length}. Chance alone would get about ${pairs.length / 2}.`;
  }
}

customElements.define("mirror-quiz", MirrorQuiz);
