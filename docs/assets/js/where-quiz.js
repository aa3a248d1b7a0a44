// <where-quiz>: one car at a time; the rest of its picture appears once the reader has said where it stands. The first
// answer of a round counts. Answers stay with the page in this window's history; nothing is sent, and no link has them.

import { cameBack, carry, keep } from "./address.js";
import { come, late } from "./come.js";
import { all, around, find, tell } from "./dom.js";
import { nextOf, showOnly } from "./rounds.js";
import { handsOn } from "./share-link.js";
import { count, format, parse } from "./state.js";

class WhereQuiz extends HTMLElement {
  #leave = new AbortController();
  #at = 0;
  /** @type {HTMLFieldSetElement[]} */
  rounds = [];

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    this.rounds = all(this, "fieldset", HTMLFieldSetElement);
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    addEventListener("hashchange", () => this.#followed(), { signal });
    addEventListener("online", () => this.#reveal(this.rounds[this.#at]), { signal });
    handsOn(this, signal);
    this.#restore();
    this.#show(this.#done ? this.rounds.length - 1 : 0);
    this.classList.add("where-ready"); // as high as it stays, before a link leads to it
    this.#readHash();
  }

  disconnectedCallback() {
    this.#leave.abort();
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const button = around(event, "button", HTMLButtonElement);
    const round = this.rounds[this.#at];
    if (around(event, ".late", HTMLElement)) this.#reveal(round);
    else if (button?.dataset.action === "next") this.#goOn();
    else if (button?.dataset.action === "again") this.#again();
    else if (button && !round.dataset.choice) this.#answer(round, button.value);
  }

  // --- one round

  /** @param {number} at */
  #show(at) {
    this.#at = at;
    showOnly(this.rounds, at);
    this.#reveal(this.rounds[at]);
    this.#tell();
  }

  /**
   * @param {HTMLFieldSetElement} round
   * @param {string} choice
   */
  #answer(round, choice) {
    this.#settle(round, choice);
    this.#reveal(round);
    this.#tell();
    this.#keep();
    find(this.rounds[nextOf(this.rounds, this.#at)], "img", HTMLImageElement).loading = "eager"; // it is there when it is asked for
    find(this, this.#done ? ".where-score" : ".where-on", HTMLElement).scrollIntoView({ block: "nearest" });
  }

  /**
   * Puts an answer and what is said of it into its round; none, and it is as at first.
   * @param {HTMLFieldSetElement} round
   * @param {string} choice
   */
  #settle(round, choice) {
    round.dataset.choice = choice;
    for (const one of all(round, "button", HTMLButtonElement)) {
      one.setAttribute("aria-pressed", String(one.value === choice));
      one.classList.toggle("where-right", choice !== "" && one.value === round.dataset.world);
      one.classList.toggle("where-wrong", one.value === choice && choice !== round.dataset.world);
      one.disabled = choice !== "" && one.value !== choice;
    }
    const { world = "", judged } = round.dataset;
    const said = choice === world ? "Right." : `Wrong: it is ${world}.`;
    const verdict = choice && `${said} The judge says ${judged}.`;
    find(round, ".where-verdict", HTMLElement).textContent = verdict;
    if (!choice) round.querySelector(".where-whole")?.remove();
  }

  /**
   * The whole picture comes over the bodywork: from its file, which nobody loads before.
   * @param {HTMLFieldSetElement} round
   */
  async #reveal(round) {
    if (!round.dataset.choice || round.querySelector(".where-whole")) return;
    const body = find(round, "img", HTMLImageElement);
    const whole = await come(body.src.replace("-body.webp", "-whole.webp")).catch(() => null);
    late(round, whole ? "" : "The whole picture", "Tap here to try again.");
    if (!whole || !round.dataset.choice || round.querySelector(".where-whole")) return;
    whole.className = "where-whole";
    whole.alt = `The whole picture: ${round.dataset.world}`;
    body.after(whole);
    requestAnimationFrame(() => whole.classList.add("where-seen"));
  }

  // --- all of them

  get #done() {
    return this.rounds.every(({ dataset }) => dataset.choice);
  }

  /** The way on is there once the round is answered; the score so far beside it, and by paint once all are. */
  #tell() {
    const done = this.rounds.filter(({ dataset }) => dataset.choice);
    const right = done.filter(({ dataset }) => dataset.choice === dataset.world);
    this.classList.toggle("where-answered", Boolean(this.rounds[this.#at].dataset.choice));
    this.classList.toggle("where-done", this.#done);
    for (const [number, own] of all(this.parentElement ?? this, "[data-out=own]", HTMLElement).entries())
      tell(own, this.rounds[number].dataset.choice ? `You said ${this.rounds[number].dataset.choice}.` : "");
    const end = this.#done ? "That was the last car: " : "";
    const left = this.rounds.length - done.length;
    const so = `${end}${right.length} of ${done.length} ${done.length > 1 ? "are" : "is"} right${end ? "" : `, ${left} to go`}.`;
    find(this, "[data-out=so-far]", HTMLElement).textContent = done.length ? so : "";
    for (const row of all(this, ".where-score tbody tr", HTMLTableRowElement)) {
      const { finish } = row.dataset;
      const [some, own] = [done, right].map((rounds) =>
        rounds.filter(({ dataset }) => finish === "all" || dataset.finish === finish),
      );
      tell(find(row, "[data-out=you]", HTMLElement), some.length ? `${own.length} of ${some.length}` : "–");
    }
    this.#lead();
  }

  /** The link leads to the car on show, to the whole game once it is played, and never to answers. */
  #lead() {
    const link = find(this, "a[data-out=link]", HTMLAnchorElement);
    link.hash = this.#hash;
    link.dataset.says = this.#done ? "Link to this game" : "Link to this car";
    tell(link, link.dataset.says);
  }

  get #hash() {
    return format(this.id, this.#done ? [] : [`round-${this.#at + 1}`]);
  }

  async #goOn() {
    const [round, at] = [this.rounds[this.#at], nextOf(this.rounds, this.#at)];
    const body = find(this.rounds[at], "img", HTMLImageElement);
    const there = await come(body.src).catch(() => null);
    late(round, there ? "" : "The next car", "Press again to try.");
    if (!there || round !== this.rounds[this.#at]) return;
    if (!body.naturalWidth) body.src = there.src; // it failed before
    this.#show(at);
    this.#keep();
    this.#head.focus({ preventScroll: true });
  }

  #again() {
    for (const round of this.rounds) this.#settle(round, "");
    this.#show(0);
    this.#keep();
    this.#head.focus({ preventScroll: true });
    this.scrollIntoView();
  }

  /** What the round on show asks: there the keys stand when it comes, so that a press too many answers nothing. */
  get #head() {
    return find(this.rounds[this.#at], "legend", HTMLElement);
  }

  // --- what stays when the page is loaded again

  #keep() {
    keep(this.#hash, this.#said); // the address that a reader copies is no other than the link's
  }

  /** A link within the page leads to a new place in the history, which knows of no answers yet. */
  #followed() {
    carry(this.#said);
    this.#readHash();
  }

  get #said() {
    return { [this.id]: this.rounds.map(({ dataset }) => dataset.choice ?? "") };
  }

  #restore() {
    /** @type {string[]} */
    const said = history.state?.[this.id] ?? [];
    for (const [number, round] of this.rounds.entries()) if (said[number]) this.#settle(round, said[number]);
  }

  #readHash() {
    const round = count(parse(location.hash, this.id) ?? [], "round");
    if (round === undefined || !this.rounds[round - 1]) return;
    this.#show(round - 1);
    if (!cameBack()) this.scrollIntoView();
  }
}

customElements.define("where-quiz", WhereQuiz);
