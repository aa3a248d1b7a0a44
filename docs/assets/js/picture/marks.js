// The marks on a picture: places that a finger, a mouse or arrow keys move; lines between them.

import { all, find } from "../dom.js";
import { BODY } from "./body.js";
import { drawLines } from "./lines.js";
import { by, inside, placesIn, worded } from "./places.js";

/** @typedef {import("./sight.js").Place} Place */

const DRAGS = 6; // pixels that a press moves before it is a drag: a finger never rests

export class Marks {
  /** @type {Map<string, HTMLButtonElement>} */
  #buttons;
  /** @type {Map<string, Place>} */
  #places = new Map();
  /** @type {Map<string, Place>} where they stand before anybody has moved them */
  #first = new Map();
  #begun = new Set(); // marks of a picture of ours, as a link tells them
  #active = "";
  #pressed = { x: 0, y: 0, drags: false }; // where a mark was pressed, and whether it has been dragged since

  /**
   * @param {HTMLElement} stage
   * @param {(settled: boolean) => void} moved told of each move, and when one has ended
   * @param {() => void} idle told of a tap that moves nothing
   */
  constructor(stage, moved, idle) {
    this.stage = stage;
    this.moved = moved;
    this.idle = idle;
    this.#buttons = new Map(all(stage, "[data-mark]", HTMLButtonElement).map((one) => [one.dataset.mark ?? "", one]));
    for (const [name, button] of this.#buttons) {
      this.#first.set(name, { x: Number(button.dataset.x), y: Number(button.dataset.y) });
      button.addEventListener("focus", () => button.matches(":focus-visible") && this.choose(name));
      button.addEventListener("keydown", (event) => this.#onKey(event, name));
      button.addEventListener("pointerdown", (event) => this.#onPress(event, button));
      button.addEventListener("pointermove", (event) => this.#onDrag(event, name));
      button.addEventListener("lostpointercapture", () => this.#pressed.drags && this.goOn(name));
      button.addEventListener("click", (event) => this.#onClick(event, name));
    }
    find(stage, "canvas", HTMLCanvasElement).addEventListener("click", (event) => this.#onTap(event));
    this.reset();
  }

  /** @param {string} name */
  at = (name) => this.#places.get(name) ?? { x: 0.5, y: 0.5 };

  /** The marks that somebody has moved, with their places in thousandths. */
  get told() {
    return [...this.#places].filter(([name]) => this.stands(name)).map(([name, place]) => worded(name, place));
  }

  /** The places around the metal; none until all of them are laid. */
  get outline() {
    return this.laid("white") ? BODY.map(this.at) : [];
  }

  /**
   * Whether a step's marks stand just as a picture of ours begins with them: nobody has looked yet.
   * @param {string} step
   */
  given = (step) => this.laid(step) && this.own(step).every(([name]) => this.#begun.has(worded(name, this.at(name))));

  /**
   * The marks of a step, by their names.
   * @param {string} step
   */
  own = (step) => [...this.#buttons].filter(([, { dataset }]) => dataset.of === step);

  /**
   * Whether somebody has put a mark in its place.
   * @param {string} name
   */
  stands = (name) => this.at(name) !== this.#first.get(name);

  /**
   * The marks of a step: how many, and the numbers of those that nobody has put in place.
   * @param {string} step
   */
  count(step) {
    const own = this.own(step);
    const missing = own.filter(([name]) => !this.stands(name));
    return { all: own.length, missing: missing.map(([, { textContent }]) => (textContent ?? "").trim()) };
  }

  /**
   * Whether somebody has put each of a step's marks in its place.
   * @param {string} step
   */
  laid(step) {
    const { all, missing } = this.count(step);
    return all > 0 && !missing.length;
  }

  reset() {
    for (const [name, place] of this.#first) this.put(name, place);
    this.choose(this.#waiting(""));
  }

  /** @param {string[]} states where a picture of ours begins with its marks @param {boolean} lay whether they are put there */
  begin(states, lay) {
    this.#begun = new Set(states);
    if (lay) this.take(states);
  }

  /**
   * Puts marks where a link has them.
   * @param {string[]} states
   */
  take(states) {
    for (const [name, place] of placesIn(states)) if (this.#buttons.has(name)) this.put(name, place);
    this.choose(this.#waiting(""));
  }

  /**
   * @param {string} name
   * @param {Place} place
   */
  put(name, place) {
    const within = { x: inside(place.x), y: inside(place.y) };
    this.#places.set(name, place === this.#first.get(name) ? place : within);
    const button = this.#buttons.get(name);
    button?.style.setProperty("--x", String(within.x));
    button?.style.setProperty("--y", String(within.y));
    const says = `${Math.round(100 * within.x)} percent from the left, ${Math.round(100 * within.y)} from above`;
    button?.setAttribute("aria-label", `${button.dataset.title}: ${says}`);
    button?.classList.toggle("own-waits", !this.stands(name));
    drawLines(this.stage, this.at);
  }

  /**
   * Shows the marks of a step.
   * @param {string} step
   */
  show(step) {
    for (const button of this.#buttons.values()) button.hidden = button.dataset.of !== step;
    for (const line of all(this.stage, "[data-lines]", SVGGElement)) {
      line.classList.toggle("own-shown", line.dataset.lines === step);
    }
    this.choose(this.#waiting(""));
  }

  /**
   * Makes a mark the one that a tap puts somewhere.
   * @param {string} name
   */
  choose(name) {
    this.#active = name;
    for (const [other, button] of this.#buttons) button.classList.toggle("own-active", other === name);
  }

  get active() {
    return this.#active;
  }

  /** @param {MouseEvent} event */
  #onTap(event) {
    if (!this.#active) return this.idle();
    this.put(this.#active, this.#placeOf(event));
    this.goOn(this.#active);
  }

  /**
   * The next mark's turn, if one is still to be put in place; another one that waits keeps its turn.
   * @param {string} name
   */
  goOn(name) {
    const kept = this.#active !== name && this.#active && !this.stands(this.#active);
    if (!kept) this.choose(this.#waiting(name));
    this.moved(true);
  }

  /**
   * Of the marks on show, from one on, the first that nobody has put in place. A lone one can be put anew; of others that
   * all stand, no tap moves one that was not chosen.
   * @param {string} name
   */
  #waiting(name) {
    const next = this.#after(name).find((each) => !this.stands(each));
    return next ?? (this.#after(name).length === 1 ? this.#after(name)[0] : "");
  }

  /**
   * The marks on show, from the one behind a mark on, around to that one.
   * @param {string} name
   */
  #after(name) {
    const shown = [...this.#buttons].filter(([, button]) => !button.hidden).map(([each]) => each);
    const at = shown.indexOf(name) + 1;
    return [...shown.slice(at), ...shown.slice(0, at)];
  }

  /**
   * @param {PointerEvent} event
   * @param {string} name
   */
  #onDrag(event, name) {
    if (!this.#buttons.get(name)?.hasPointerCapture(event.pointerId)) return;
    const { x, y, drags } = this.#pressed;
    if (!drags && Math.hypot(event.clientX - x, event.clientY - y) < DRAGS) return;
    this.#pressed.drags = true;
    this.put(name, this.#placeOf(event));
    this.moved(false);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {string} name
   */
  #onKey(event, name) {
    const off = by(event);
    if (!off) return;
    event.preventDefault();
    const { x, y } = this.at(name);
    this.put(name, { x: x + off.x, y: y + off.y });
    this.moved(true);
  }

  /**
   * @param {PointerEvent} event
   * @param {HTMLButtonElement} button
   */
  #onPress({ pointerId, clientX: x, clientY: y }, button) {
    button.setPointerCapture(pointerId);
    this.#pressed = { x, y, drags: false };
  }

  /**
   * A drag has moved this mark. A tap puts the mark whose turn it is there, however near to this one, and chooses this one
   * where it is nobody's. By a key it stands right where it is, and the next one has the keys, also where all stand.
   * @param {MouseEvent} event
   * @param {string} name
   */
  #onClick(event, name) {
    if (event.detail && this.#pressed.drags) return;
    if (event.detail) return this.#active ? this.#onTap(event) : this.choose(name);
    this.put(name, { ...this.at(name) });
    this.goOn(name);
    this.#buttons.get(this.#active || this.#after(name)[0])?.focus({ preventScroll: true });
  }

  /** @param {MouseEvent} event */
  #placeOf(event) {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
  }
}
