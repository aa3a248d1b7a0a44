// <step-lab>: moves through the steps of one capture. Everything it needs stands in its own HTML, so it fetches
// nothing but the sheets of frames, and a page may hold several.

import { all, around, find } from "./dom.js";
import { Lab } from "./lab.js";
import { canvases } from "./sheets.js";
import { count, format, parse, value } from "./state.js";
import { StepPictures } from "./step-pictures.js";

/**
 * @typedef {{ level: string, distance: string, guidance: string }} Figures as they stand in a row of the table
 * @typedef {{ name: "distance" | "guidance", out: HTMLElement, draw: HTMLElement, heights: number[] }} Curve where it is
 *   drawn, what is written above it, how high it is at each step
 */

const DRAG = 6; // pixels sideways that make a press a drag
const LARGE = "clean"; // the view that is large until the reader says otherwise

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
  view = LARGE;

  connectedCallback() {
    this.words = all(this, "button.lab-word", HTMLButtonElement);
    this.events = all(this, ".lab-event", HTMLButtonElement);
    this.panes = canvases(this, "view");
    this.#pictures = new StepPictures(this, this.panes, (view) => this.#said(view));
    this.#rows = all(this, "tr:has([data-figure])", HTMLTableRowElement).map(figures);
    const names = /** @type {const} */ (["distance", "guidance"]);
    this.#curves = names.filter((name) => this.querySelector(`[data-out=${name}]`)).map((name) => this.#curve(name));
    this.#listenToPlot(this.listen());

    this.go(Number(this.dataset.step));
    this.choose(this.dataset.word ?? "");
    this.look(LARGE);
    this.readHash();
    this.classList.add("lab-ready");
  }

  /** @param {number} step */
  go(step) {
    this.slide(step);
    const text = `${this.step} of ${this.steps}, noise level ${this.#figures.level}`;
    this.range.setAttribute("aria-valuetext", [`Step ${text}`, ...this.#tellEvents()].join(", "));
    this.out("step").textContent = text;
    const along = this.steps > 1 ? (this.step - 1) / (this.steps - 1) : 0;
    find(this, ".lab-transport", HTMLElement).style.setProperty("--along", String(along));
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
      const text = chosen ? `places that read “${chosen.textContent.trim()}”` : "none chosen: tap one above";
      this.out("word").textContent = text;
    }
    this.#tellLinks();
    if (!chosen) this.#pictures.clear("attention");
    this.#pictures.show("attention", chosen);
  }

  /**
   * Makes a view the large one.
   * @param {string} view
   */
  look(view) {
    if (!this.panes.has(view)) return;
    this.view = view;
    for (const [kind, canvas] of this.panes) {
      canvas.parentElement?.classList.toggle("lab-large", kind === view);
      canvas.nextElementSibling?.setAttribute("aria-pressed", String(kind === view));
    }
    this.#tellLinks();
  }

  /** The events are places too: a button or a tick leads there. */
  get places() {
    const events = this.events.map(({ dataset }) => [dataset.action, Number(dataset.at)]);
    return { ...super.places, ...Object.fromEntries(events) };
  }

  // --- what the reader does

  /** @param {MouseEvent} event */
  onClick(event) {
    const { word, enlarge } = around(event, "button", HTMLButtonElement)?.dataset ?? {};
    if (around(event, ".lab-plot", HTMLElement)) return this.#goToPoint(event);
    if (word) this.choose(this.word === word ? "" : word);
    else if (enlarge) this.look(this.view === enlarge ? LARGE : enlarge);
    else return super.onClick(event);
    this.keepHash();
  }

  /**
   * A digit shows a view large.
   * @param {KeyboardEvent} event
   */
  onKey({ key }) {
    const view = [...this.panes.keys()][Number(key) - 1];
    if (!view) return;
    this.look(view);
    this.keepHash();
  }

  /**
   * A press on the curves is a click; a drag goes along. A finger that scrolls the page across them does neither.
   * @param {AbortSignal} signal
   */
  #listenToPlot(signal) {
    const plot = find(this, ".lab-plot", HTMLElement);
    let from = 0; // where the press began, in pixels; once it drags, anywhere will do
    /** @param {PointerEvent} event */
    const press = (event) => {
      from = event.clientX;
      plot.setPointerCapture(event.pointerId);
    };
    /** @param {PointerEvent} event */
    const drag = (event) => {
      if (!plot.hasPointerCapture(event.pointerId) || Math.abs(event.clientX - from) < DRAG) return;
      from = Number.NEGATIVE_INFINITY;
      this.#goToPoint(event);
    };
    plot.addEventListener("pointerdown", press, { signal });
    plot.addEventListener("pointermove", drag, { signal });
  }

  /** @param {MouseEvent} event */
  #goToPoint({ clientX }) {
    const { left, width } = find(this, ".lab-plot", HTMLElement).getBoundingClientRect();
    this.goByHand(1 + ((this.steps - 1) * (clientX - left)) / width);
  }

  // --- the place in the address: step-12, word-chrome, view-noisy; an event's name may stand for its step

  hash() {
    const states = [`step-${this.step}`];
    if (this.word) states.push(`word-${plain(this.word)}`);
    if (this.view !== LARGE) states.push(`view-${this.view}`);
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
    const view = value(states, "view");
    if (place === undefined && !word && view === undefined) return;
    this.pause();
    this.touched = true;
    if (place !== undefined) this.go(place);
    if (word || step !== undefined) this.choose(word?.dataset.word ?? "");
    if (view !== undefined || step !== undefined) this.look(view ?? LARGE);
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
    if (view === "clean") return `expected clean picture, ${distance} from the final one`;
    if (view === "guidance") return `where guidance acts, changing the guess by ${guidance}`;
    return this.out("word").textContent;
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
    for (const [view, canvas] of this.panes) if (canvas.dataset.sheet) this.#pictures.show(view, canvas);
    this.choose(this.word);
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
