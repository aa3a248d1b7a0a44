// <where-quiz>: one car at a time; the rest of its picture appears once the reader has said where it stands. The first
// answer of a round counts; nothing is kept or sent.

import { all, around, find } from "./dom.js";
import { count, format, parse } from "./state.js";

const WRITTEN = { lab: true }; // see lab.js

class WhereQuiz extends HTMLElement {
  #leave = new AbortController();
  #at = 0;
  /** @type {HTMLFieldSetElement[]} */
  rounds = [];

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    this.rounds = all(this, "fieldset", HTMLFieldSetElement);
    this.addEventListener("click", (event) => this.#answer(event), { signal });
    this.#next.addEventListener("click", () => this.#goOn(), { signal });
    addEventListener("hashchange", () => this.#readHash(), { signal });
    this.#show(0);
    this.#readHash();
    this.classList.add("where-ready");
  }

  disconnectedCallback() {
    this.#leave.abort();
  }

  get #next() {
    return find(this, "[data-action=next]", HTMLButtonElement);
  }

  /** @param {number} at */
  #show(at) {
    this.#at = at;
    for (const [number, round] of this.rounds.entries()) round.hidden = number !== at;
    this.#tell();
  }

  /** @param {Event} event */
  #answer(event) {
    const round = around(event, "fieldset", HTMLFieldSetElement);
    const choice = around(event, "button", HTMLButtonElement);
    if (!round || !choice || round.dataset.choice) return;
    round.dataset.choice = choice.value;
    for (const one of all(round, "button", HTMLButtonElement)) {
      one.setAttribute("aria-pressed", String(one === choice));
      one.disabled = one !== choice;
    }
    this.#reveal(round);
    const { world = "", judged, finish } = round.dataset;
    const said = choice.value === world ? "Right." : `No: ${world}.`;
    const verdict = find(round, ".where-verdict", HTMLElement);
    this.#count();
    verdict.textContent = `${said} The judge says ${judged}. Its finish: ${finish}.${this.#tell()}`;
    const next = this.rounds[this.#nextOf()];
    find(next, "img", HTMLImageElement).loading = "eager"; // it is there when it is asked for
  }

  /**
   * The whole picture comes over the bodywork: from its file, which nobody loads before.
   * @param {HTMLFieldSetElement} round
   */
  #reveal(round) {
    const body = find(round, "img", HTMLImageElement);
    const whole = new Image(body.width, body.height);
    whole.className = "where-whole";
    whole.alt = `The whole picture: ${round.dataset.world}`;
    whole.decoding = "async";
    whole.addEventListener("load", () => whole.classList.add("where-seen"), { once: true });
    whole.src = body.src.replace("-body.webp", "-whole.webp");
    body.after(whole);
  }

  #count() {
    const done = this.rounds.filter(({ dataset }) => dataset.choice);
    for (const row of all(this, ".where-score tbody tr", HTMLTableRowElement)) {
      const { finish } = row.dataset;
      const some = done.filter(({ dataset }) => finish === "all" || dataset.finish === finish);
      const right = some.filter(({ dataset }) => dataset.choice === dataset.world);
      find(row, "[data-out=you]", HTMLElement).textContent = some.length ? `${right.length} of ${some.length}` : "–";
    }
  }

  /** The way on is there once the round is answered; the score once all are, and then it is told. */
  #tell() {
    const left = this.rounds.some(({ dataset }) => !dataset.choice);
    find(this, ".where-on", HTMLElement).hidden = !this.rounds[this.#at].dataset.choice || !left;
    this.classList.toggle("where-done", !left);
    const right = this.rounds.filter(({ dataset }) => dataset.choice === dataset.world);
    return left ? "" : ` That was the last car: ${right.length} of ${this.rounds.length} are right.`;
  }

  /** The next round that has no answer. */
  #nextOf() {
    const { length } = this.rounds;
    const order = Array.from({ length }, (_, step) => (this.#at + 1 + step) % length);
    return order.find((number) => !this.rounds[number].dataset.choice) ?? this.#at;
  }

  #goOn() {
    const at = this.#nextOf();
    this.#show(at);
    history.replaceState(WRITTEN, "", format(this.id, [`round-${at + 1}`]));
    find(this.rounds[at], "button", HTMLButtonElement).focus({ preventScroll: true });
  }

  #readHash() {
    const round = count(parse(location.hash, this.id) ?? [], "round");
    if (round === undefined || !this.rounds[round - 1]) return;
    this.#show(round - 1);
    if (!history.state?.lab) this.scrollIntoView();
  }
}

customElements.define("where-quiz", WhereQuiz);
