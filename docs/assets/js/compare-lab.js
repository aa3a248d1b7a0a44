// <compare-lab>: any two runs of a comparison, moved through their steps together. All it needs stands in its own
// HTML: it fetches nothing but the sheets of the runs that are chosen, and a page may hold several.

import "./address.js"; // of lab.js, as is the next: asked for at once
import "./come.js";
import { all, around, find, steady } from "./dom.js";
import { Lab } from "./lab.js";
import { BRIGHTER, PairPictures, SIDES } from "./pair-pictures.js";
import { frame, longer, run } from "./runs.js";
import { handOver } from "./share-link.js";
import { canvases } from "./sheets.js";
import { count, format, parse, value } from "./state.js";

/** @typedef {import("./pair-pictures.js").Side} Side */
/** @typedef {import("./runs.js").Run} Run */

class CompareLab extends Lab {
  /** @type {PairPictures | undefined} */
  #pictures;
  /** @type {number[]} one difference a step of the slider; empty until both sheets are there */
  #curve = [];
  /** @type {Run[]} */
  runs = [];
  /** @type {Map<string, HTMLCanvasElement>} */
  panes = new Map();
  view = "side";
  share = handOver;
  /** @type {Record<Side, number>} */
  chosen = { a: 0, b: 1 };

  connectedCallback() {
    this.runs = all(this, "li[data-sheet]", HTMLLIElement).map(run);
    if (this.runs.length < 2) return;
    this.panes = canvases(this, "pane");
    this.#pictures = new PairPictures(this, this.panes, {
      run: (side) => this.#run(side),
      frame: (each, step) => this.#frame(each, step),
      settled: () => this.#read(),
    });
    this.out("factor").textContent = String(BRIGHTER);

    const signal = this.listen();
    this.#wipe.addEventListener("input", () => this.#showWipe(), { signal });
    steady(this.#wipe, signal);
    this.addEventListener("change", (event) => this.#onChange(event), { signal });

    this.choose(0, this.runs.length - 1);
    this.go(Number(this.dataset.step));
    this.look("side");
    this.#showWipe();
    this.readHash();
    this.classList.add("lab-ready");
  }

  /** @param {number} step */
  go(step) {
    this.slide(step);
    const along = this.#along(this.step);
    this.range.style.setProperty("--along", String(along / 100));
    const cursor = find(this, ".compare-cursor", SVGLineElement);
    for (const end of ["x1", "x2"]) cursor.setAttribute(end, String(along));
    this.#tellStep();
    this.#tellLink();
    this.#pictures?.draw();
  }

  /**
   * Compares two runs, by their numbers from 0.
   * @param {number} a
   * @param {number} b
   */
  choose(a, b) {
    const along = this.#along(this.step) / 100;
    this.chosen = { a, b };
    this.#curve = [];
    this.range.max = String(this.#longer().levels.length);
    // As far along the way as before: half way stays half way when the other run has twice the steps.
    this.step = Math.round(1 + along * (this.steps - 1));
    this.out("unequal").hidden = !this.#unequal();
    for (const side of SIDES) {
      find(this, this.#radio(side, this.chosen[side]), HTMLInputElement).checked = true;
      this.out(side).replaceChildren(...this.#run(side).said.cloneNode(true).childNodes);
      this.#pictures?.show(side);
    }
    this.#tellApart();
    this.#tellCurve();
    this.go(this.step);
  }

  /**
   * Side by side, wipe or difference: whichever radio button is on, parts/pair.css shows.
   * @param {string} view
   */
  look(view) {
    this.view = view;
    find(this, this.#radio("view", view), HTMLInputElement).checked = true;
    this.#tellLink();
  }

  // --- what the reader does

  /** @param {Event} event */
  #onChange(event) {
    const kind = around(event, "[data-choice]", HTMLElement)?.dataset.choice;
    const { value: chosen } = /** @type {HTMLInputElement} */ (event.target);
    if (kind === "view") this.look(chosen);
    else if (kind === "a" || kind === "b") this.#chooseOne(kind, Number(chosen));
    else return;
    this.keepHash();
  }

  /**
   * Two sides never show the same run: who takes the other side's run gives up his own for it.
   * @param {Side} side
   * @param {number} number
   */
  #chooseOne(side, number) {
    const other = side === "a" ? "b" : "a";
    const chosen = { ...this.chosen, [side]: number };
    if (chosen[other] === number) chosen[other] = this.chosen[side];
    this.choose(chosen.a, chosen.b);
  }

  // --- what the reader is told

  #tellStep() {
    const [a, b] = SIDES.map((side) => this.#run(side));
    const level = this.#longer().levels[this.step - 1].toFixed(2);
    const text = `${this.step} of ${this.steps}, noise level ${level}`;
    const [at, bt] = [a, b].map((each) => `${this.#frame(each) + 1} of ${each.levels.length}`);
    const each = `A step ${at}, B step ${bt}`;
    this.out("step").textContent = text;
    this.out("each").textContent = each;
    this.range.setAttribute("aria-valuetext", `Step ${[text, ...(this.#unequal() ? [each] : [])].join(": ")}`);
  }

  #tellLink() {
    this.link("link").hash = this.hash();
  }

  /** How far the final pictures lie apart, as it stands in the table: measured when the page was made. */
  #tellApart() {
    const pair = [this.chosen.a, this.chosen.b].sort((one, other) => one - other).join(" ");
    const cell = find(this, `[data-pair="${pair}"] [data-figure=apart]`, HTMLTableCellElement);
    this.out("apart").textContent = cell.textContent;
  }

  /** The curve, relative to its own highest value. */
  #tellCurve() {
    const most = Math.max(...this.#curve, 0) || 1;
    const points = this.#curve.map((difference, at) => `${this.#along(at + 1)},${19 - (18 * difference) / most}`);
    find(this, "polyline", SVGPolylineElement).setAttribute("points", points.join(" "));
  }

  get #wipe() {
    return find(this, ".wipe-slider", HTMLInputElement);
  }

  #showWipe() {
    const { value: percent } = this.#wipe;
    find(this, ".compare-stage", HTMLElement).style.setProperty("--wipe", String(Number(percent) / 100));
    this.#wipe.setAttribute("aria-valuetext", `${percent} percent A`);
  }

  // --- the place in the address: a-0, b-2, step-12, view-wipe

  hash() {
    const { a, b } = this.chosen;
    return format(this.id, [`a-${a}`, `b-${b}`, `step-${this.step}`, `view-${this.view}`]);
  }

  /** Goes where the address says; what it leaves out or gets wrong stays as it is. */
  readHash() {
    const states = parse(location.hash, this.id);
    if (!states?.length) return;
    const { a, b } = this.chosen;
    const [one, other] = [count(states, "a") ?? a, count(states, "b") ?? b];
    const step = count(states, "step");
    const view = value(states, "view");
    this.pause();
    this.touched = true;
    if (one !== other && this.runs[one] && this.runs[other]) this.choose(one, other);
    if (step !== undefined) this.go(step);
    if (view && this.querySelector(this.#radio("view", view))) this.look(view);
    this.comeInto();
  }

  // --- runs, and where each stands at a step of the slider

  /**
   * @param {string} kind
   * @param {string | number} chosen
   */
  #radio(kind, chosen) {
    return `[data-choice=${kind}] [value="${CSS.escape(String(chosen))}"]`;
  }

  /** @param {Side} side */
  #run(side) {
    return this.runs[this.chosen[side]];
  }

  #longer() {
    return longer(this.#run("a"), this.#run("b"));
  }

  #unequal() {
    return this.#run("a").levels.length !== this.#run("b").levels.length;
  }

  /**
   * A step of the slider in hundredths of the way.
   * @param {number} step
   */
  #along(step) {
    return this.steps > 1 ? (100 * (step - 1)) / (this.steps - 1) : 0;
  }

  /**
   * The frame of a run, from 0, at a step of the slider.
   * @param {Run} each
   */
  #frame(each, step = this.step) {
    return frame(each, this.#longer(), step);
  }

  load() {
    for (const side of SIDES) this.#pictures?.show(side);
  }

  /** Reads the curve from the sheets, once both are there. */
  #read() {
    if (this.#curve.length) return;
    this.#curve = this.#pictures?.curve() ?? [];
    if (this.#curve.length) this.#tellCurve();
  }
}

customElements.define("compare-lab", CompareLab);
