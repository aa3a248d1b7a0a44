// What the labs share: a slider of steps that plays, and a place in the address.

import { cameBack, keep, Rest } from "./address.js";
import { late } from "./come.js";
import { all, around, find, steady } from "./dom.js";
import { parse } from "./state.js";

const FRAME_MS = 180; // a frame while playing
const CALM_MS = 700; // likewise, for readers who ask for less motion: noise flickers

/** A lab gives `hash`, `readHash`, `go` and `load`, and `share`, which hands its link on. */
export class Lab extends HTMLElement {
  /** @type {HTMLInputElement | undefined} */
  #range;
  #timer = 0;
  #address = new Rest(() => keep(this.hash()));
  /** @type {IntersectionObserver[]} */
  #observers = [];
  #leave = new AbortController();
  touched = false; // the reader has moved it: playing goes on from there
  near = false; // close enough to the window to be worth loading
  step = 1;
  /** @type {(event: MouseEvent, link: HTMLAnchorElement) => void} */
  share = () => {};

  get range() {
    this.#range ??= find(this, ".lab-track input", HTMLInputElement);
    return this.#range;
  }

  /** Begins to listen; what it returns ends with the lab, for listeners of the lab's own. */
  listen() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    const { range } = this;
    range.addEventListener("input", () => this.goByHand(range.valueAsNumber), { signal });
    steady(range, signal);
    this.addEventListener("click", (event) => this.onClick(event), { signal });
    this.addEventListener("keydown", (event) => this.#onKeydown(event), { signal });
    this.#unfold();
    addEventListener(
      "hashchange",
      () => {
        if (!parse(location.hash, this.id)) return this.#rest(); // the reader is led elsewhere: it stays so
        this.#unfold();
        this.readHash();
      },
      { signal },
    );
    addEventListener("online", () => this.near && this.load(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.pause(), { signal });
    this.#watch();
    return signal;
  }

  disconnectedCallback() {
    if (this.playing) this.#rest();
    this.#address.leave();
    this.#leave.abort();
    for (const observer of this.#observers) observer.disconnect();
  }

  get steps() {
    return Number(this.range.max);
  }

  get playing() {
    return this.#timer !== 0;
  }

  /**
   * Where the buttons of the transport lead.
   * @returns {Record<string, number>}
   */
  get places() {
    return { first: 1, back: this.step - 1, forward: this.step + 1, last: this.steps };
  }

  // --- what a lab gives

  /**
   * Shows a step, counted from 1; past either end it stays at the end.
   * @param {number} step
   */
  go(step) {
    this.slide(step);
  }

  /** Loads the sheets that are on show: the lab is near. */
  load() {}

  /** The fragment of the place that it is at. */
  hash() {
    return "";
  }

  /** Goes where the address says. */
  readHash() {}

  // --- what a lab uses

  /**
   * Puts the slider on a step, counted from 1; past either end it stays at the end.
   * @param {number} step
   */
  slide(step) {
    this.step = Math.min(Math.max(Math.round(step) || 1, 1), this.steps);
    this.range.value = String(this.step);
  }

  play() {
    if (this.step === this.steps || !this.touched) this.go(1);
    this.touched = true;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const next = () => {
      this.go(this.step + 1);
      if (this.step === this.steps) this.pause();
    };
    clearInterval(this.#timer);
    this.#timer = window.setInterval(next, calm ? CALM_MS : FRAME_MS);
    this.#showPlaying();
  }

  pause() {
    if (!this.playing) return;
    this.#rest();
    this.keepHash();
  }

  /** Stops, and leaves the address as it is. */
  #rest() {
    clearInterval(this.#timer);
    this.#address.leave();
    this.#timer = 0;
    this.#showPlaying();
  }

  /** @param {number} step */
  goByHand(step) {
    this.pause();
    this.touched = true;
    this.go(step);
    this.keepHash();
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    if (around(event, "[data-state=failed]", HTMLElement)) this.load();
    const link = around(event, "[data-out=link]", HTMLAnchorElement);
    if (link) return this.share(event, link);
    const action = around(event, "[data-action]", HTMLElement)?.dataset.action;
    if (action === "play") this.#toggle();
    else if (action) this.goByHand(this.places[action]);
  }

  /**
   * A lab's own keys; none but space is everybody's.
   * @param {KeyboardEvent} _event
   */
  onKey(_event) {}

  /** @param {string} name */
  out(name) {
    return find(this, `[data-out=${name}]`, HTMLElement);
  }

  /**
   * A link to what is shown.
   * @param {string} name
   */
  link(name) {
    return find(this, `[data-out=${name}]`, HTMLAnchorElement);
  }

  /** Says that a picture on show did not come, with a button that asks for it again, until all are there. */
  tellLate() {
    const line = find(this, ".late", HTMLElement);
    const shown = all(this, ".lab-pane", HTMLElement).filter(
      (pane) => !pane.dataset.view || pane.checkVisibility(), // of a difference, both sides count
    );
    const states = shown.map(({ dataset }) => dataset.state);
    if (states.includes("failed")) {
      if (!line.firstChild) late(this, "A picture", () => this.load()); // its button may hold the keys
    } else if (line.firstChild && !states.includes("loading")) {
      if (line.contains(document.activeElement)) this.range.focus();
      late(this, "");
    }
  }

  keepHash() {
    this.#address.begins();
  }

  /** Opens what this lab is folded into, if a link leads to it. */
  #unfold() {
    const fold = parse(location.hash, this.id) && this.closest("details");
    if (fold) fold.open = true;
  }

  /** Shows the lab that a link led to. */
  comeInto() {
    if (cameBack()) return;
    this.scrollIntoView();
    const { bottom } = this.range.getBoundingClientRect();
    // In a low window the picture and its slider matter more than the head of the lab.
    if (bottom > innerHeight) find(this, ".lab-stage, .compare-stage", HTMLElement).scrollIntoView();
  }

  #toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /**
   * Space plays, unless it already means something where the focus is. The theme's own keys stay free.
   * @param {KeyboardEvent} event
   */
  #onKeydown(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key !== " ") return this.onKey(event);
    const own = around(event, "button, a, details, [type=radio]", HTMLElement);
    if (own && this.contains(own)) return; // what the lab is folded into is around it
    event.preventDefault();
    if (!event.repeat) this.#toggle();
  }

  #showPlaying() {
    const button = find(this, "[data-action=play]", HTMLButtonElement);
    button.setAttribute("aria-label", this.playing ? "Pause" : "Play");
    this.classList.toggle("lab-playing", this.playing);
  }

  #watch() {
    // Loads a window ahead; stops playing where nobody looks.
    const come = new IntersectionObserver(
      (entries) => {
        if (this.near || !entries.some(({ isIntersecting }) => isIntersecting)) return;
        this.near = true;
        come.disconnect();
        this.load();
      },
      { rootMargin: "100% 0px" },
    );
    const seen = new IntersectionObserver((entries) => entries.at(-1)?.isIntersecting || this.pause());
    this.#observers = [come, seen];
    for (const observer of this.#observers) observer.observe(this);
  }
}
