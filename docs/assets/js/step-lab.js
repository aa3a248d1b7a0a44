// <step-lab>: moves through the steps of one capture. Everything it needs stands in its own HTML, so it fetches
// nothing but the sheets of frames, and a page may hold several.

import "./address.js"; // of lab.js, as is the next: asked for at once
import "./come.js";
import { all, around, find } from "./dom.js";
import { Lab } from "./lab.js";
import { alongPlot } from "./plot.js";
import { handOver } from "./share-link.js";
import { canvases } from "./sheets.js";
import { count, format, parse, value } from "./state.js";
import { StepPictures } from "./step-pictures.js";

/**
 * @typedef {{ level: string, distance: string, guidance: string }} Figures as they stand in a row of the table
 * @typedef {{ name: "distance" | "guidance", out: HTMLElement, draw: HTMLElement, heights: number[] }} Curve where it is
 *   drawn, what is written above it, how high it is at each step
 */

const PAINTING = "clean"; // what is looked at until the reader says otherwise
/** @type {Record<string, string[]>} what is looked at -> the views on show, the other ones behind their tabs */
const LOOKS = { clean: ["noisy", "clean"], attention: ["clean", "attention"], guidance: ["clean", "guidance"] };

class StepLab extends Lab {
  #pictures = new StepPictures(this, new Map(), () => "");
  /** @type {Figures[]} one entry a step */
  #rows = [];
  /** @type {Curve[]} */
  #curves = [];
  /** @type {HTMLButtonElement[]} */
  words = [];
  /** @type {HTMLButtonElement[]} */
  events = [];
  /** @type {Map<string, HTMLCanvasElement>} */
  panes = new Map();
  word = "";
  view = PAINTING;
  share = handOver;

  connectedCallback() {
    this.words = all(this, "button.lab-word", HTMLButtonElement);
    this.events = all(this, ".lab-event", HTMLButtonElement);
    this.panes = canvases(this, "view");
    this.#pictures = new StepPictures(this, this.panes, (view) => this.#said(view));
    this.#rows = all(this, "tr:has([data-figure])", HTMLTableRowElement).map(figures);
    const names = /** @type {const} */ (["distance", "guidance"]);
    this.#curves = names.filter((name) => this.querySelector(`[data-out=${name}]`)).map((name) => this.#curve(name));
    const signal = this.listen();
    alongPlot(find(this, ".lab-plot", HTMLElement), (part) => this.#goAlong(part), signal);
    this.addEventListener("change", (event) => this.#onTab(event), { signal });

    this.go(Number(this.dataset.step));
    this.choose(this.dataset.word ?? "");
    this.look(PAINTING);
    this.readHash();
    this.classList.add("lab-ready");
  }

  /** @param {number} step */
  go(step) {
    this.slide(step);
    const text = `${this.step} of ${this.steps}, noise level ${this.#figures.level}`;
    this.range.setAttribute("aria-valuetext", [`Step ${text}`, ...this.#tellEvents()].join(", "));
    this.out("step").textContent = text;
    this.out("clean").textContent = this.step < this.steps ? "What it guesses" : "What it painted";
    const along = String(this.steps > 1 ? (this.step - 1) / (this.steps - 1) : 0);
    for (const { style } of [this.range, ...this.#curves.map(({ draw }) => draw)]) style.setProperty("--along", along);
    for (const { name, out, draw, heights } of this.#curves) {
      out.textContent = this.#figures[name];
      draw.style.setProperty("--high", String(heights[this.step - 1]));
    }
    this.#tellLinks();
    for (const view of this.panes.keys()) this.#pictures.draw(view);
  }

  /**
   * Shows which places read a word; "" for none.
   * @param {string} word
   */
  choose(word) {
    const chosen = this.words.find((button) => button.dataset.word === word);
    this.word = chosen ? word : "";
    for (const button of this.words) button.setAttribute("aria-pressed", String(button === chosen));
    if (this.panes.has("attention")) {
      this.out("word").textContent = chosen ? `“${chosen.textContent.trim()}”` : "no word: choose one";
    }
    this.#tellLinks();
    this.#pictures.clear("attention"); // no map of another word stands over this one's name
    if (!chosen || this.view === "attention") this.#pictures.show("attention", chosen);
  }

  /**
   * Turns to the painting, to a word's places or to what guidance does.
   * @param {string} view
   */
  look(view) {
    if (!this.panes.has(view) || !LOOKS[view]) return;
    this.view = view;
    this.dataset.look = view;
    for (const tab of this.#tabs) tab.checked = tab.value === view;
    this.#tellLinks();
    this.load();
  }

  get #tabs() {
    return all(this, ".lab-tabs input", HTMLInputElement);
  }

  /** The events are places too: a button or a tick leads there. */
  get places() {
    const events = this.events.map(({ dataset }) => [dataset.action, Number(dataset.at)]);
    return { ...super.places, ...Object.fromEntries(events) };
  }

  // --- what the reader does

  /** @param {MouseEvent} event */
  onClick(event) {
    const { word } = around(event, "button", HTMLButtonElement)?.dataset ?? {};
    if (!word) return super.onClick(event);
    this.choose(this.word === word ? "" : word);
    this.keepHash();
  }

  /** @param {Event} event */
  #onTab(event) {
    const tab = around(event, ".lab-tabs input", HTMLInputElement);
    if (tab) this.#turn(tab.value);
  }

  /**
   * A digit turns to a tab.
   * @param {KeyboardEvent} event
   */
  onKey({ key }) {
    const tab = this.#tabs[Number(key) - 1];
    if (tab) this.#turn(tab.value);
  }

  /** @param {number} part of the way, from 0 to 1 */
  #goAlong(part) {
    this.goByHand(1 + (this.steps - 1) * part);
  }

  /** @param {string} view */
  #turn(view) {
    this.look(view);
    this.keepHash();
  }

  // --- the place in the address: step-12, word-chrome, view-guidance; an event's name may stand for its step

  hash() {
    const states = [`step-${this.step}`];
    if (this.view === "attention" && this.word) states.push(`word-${plain(this.word)}`);
    else if (this.view !== PAINTING) states.push(`view-${this.view}`);
    return format(this.id, states);
  }

  /** The links to what is shown; the one to cite is also written out. */
  #tellLinks() {
    const hash = this.hash();
    this.link("link").hash = hash;
    const cite = this.link("cite");
    cite.hash = hash;
    cite.textContent = cite.textContent.replace(/#.*$/, hash);
  }

  /** Goes where the address says. One with a step says all there is: what it leaves out is not chosen. */
  readHash() {
    const states = parse(location.hash, this.id) ?? [];
    const event = this.events.find(({ dataset }) => states.includes(dataset.action ?? ""));
    const step = count(states, "step");
    const place = step ?? (event && this.places[event.dataset.action ?? ""]);
    const word = this.words.find(({ dataset }) => plain(dataset.word ?? "") === value(states, "word"));
    const view = value(states, "view") ?? (word ? "attention" : undefined);
    if (place === undefined && view === undefined) return;
    this.pause();
    this.touched = true;
    if (place !== undefined) this.go(place);
    this.choose(word?.dataset.word ?? (view === "attention" ? "" : (this.dataset.word ?? "")));
    if (view !== undefined || step !== undefined) this.look(view ?? PAINTING);
    this.comeInto();
  }

  // --- what the reader is told

  get #figures() {
    return this.#rows[this.step - 1];
  }

  /** Marks the events of this step; their names. */
  #tellEvents() {
    const here = this.events.filter((button) => Number(button.dataset.at) === this.step);
    for (const button of this.events) button.setAttribute("aria-current", here.includes(button) ? "step" : "false");
    return here.map((button) => find(button, ".lab-what", HTMLElement).textContent);
  }

  /**
   * What a view shows at this step, from what was measured.
   * @param {string} view
   */
  #said(view) {
    const { level, distance, guidance } = this.#figures;
    if (view === "noisy") return `noisy latents, noise level ${level}`;
    if (view === "clean" && this.step === this.steps)
      return `the finished picture; the last guess lay ${distance} from it`;
    if (view === "clean") return `expected clean picture, ${distance} from the final one`;
    if (view === "guidance") return `where guidance acts, changing the guess by ${guidance}; black: hardly`;
    return `places that read ${this.out("word").textContent}`;
  }

  /**
   * @param {"distance" | "guidance"} name
   * @returns {Curve}
   */
  #curve(name) {
    const values = this.#rows.map((row) => Number(row[name]));
    const most = Math.max(...values) || 1;
    const draw = find(this, `.lab-${name} .lab-draw`, HTMLElement);
    return { name, out: this.out(name), draw, heights: values.map((each) => each / most) };
  }

  /** Loads the sheets that are on show. */
  load() {
    for (const view of LOOKS[this.view]) {
      const word = this.words.find((button) => button.dataset.word === this.word);
      this.#pictures.show(view, view === "attention" ? word : this.panes.get(view));
    }
  }
}

/**
 * A row of the table.
 * @param {HTMLTableRowElement} row
 */
function figures(row) {
  const cells = all(row, "[data-figure]", HTMLTableCellElement);
  return /** @type {Figures} */ (Object.fromEntries(cells.map((cell) => [cell.dataset.figure, cell.textContent])));
}

/**
 * A word as it stands in an address: the start and end tokens lose their brackets.
 * @param {string} word
 */
function plain(word) {
  return word.replace(/^<\|(.+)\|>$/, "$1");
}

customElements.define("step-lab", StepLab);
