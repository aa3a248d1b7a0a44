// The pictures of a comparison: the frames of two runs, their difference, and how far apart they lie at each step.

import { drawWhole, pen, Sheets } from "./sheets.js";

/**
 * @typedef {"a" | "b"} Side
 * @typedef {import("./runs.js").Run} Run
 * @typedef {{ run: Run, bitmap: ImageBitmap }} Shown a run whose sheet is decoded
 * @typedef {{ run: (side: Side) => Run, frame: (run: Run, step?: number) => number, settled: () => void }} Choice what
 *   is chosen, the frame of it at a step, and who is told when both sheets are there
 */

export const BRIGHTER = 4; // how much a difference is brightened, a power of two; the page says it
export const SIDES = /** @type {const} */ (["a", "b"]);
const READ_WIDTH = 64; // pixels across a frame that is read for the curve: enough to see it turn

export class PairPictures {
  /** @type {Map<Run, Uint8ClampedArray[]>} the pixels of each frame, read once */
  #frames = new Map();
  /** @type {Record<Side, Shown | null>} the sheets that are on show; each stays until the next one is decoded */
  #shown = { a: null, b: null };
  #lab;
  #panes;
  #choice;
  #sheets;

  /**
   * @param {import("./lab.js").Lab} lab
   * @param {Map<string, HTMLCanvasElement>} panes
   * @param {Choice} choice
   */
  constructor(lab, panes, choice) {
    this.#lab = lab;
    this.#panes = panes;
    this.#choice = choice;
    this.#sheets = new Sheets(lab);
  }

  /**
   * Puts the sheet of a side's run on show once it is decoded.
   * @param {Side} side
   */
  async show(side) {
    const chosen = this.#choice.run(side);
    const pane = /** @type {HTMLElement} */ (this.#canvas(side).parentElement);
    if (!this.#lab.near || this.#shown[side]?.run === chosen) return this.#settle(pane, side);
    pane.dataset.state = "loading";
    this.#clear(side);
    this.#standIn(pane, side, chosen);
    try {
      const bitmap = await this.#sheets.get(chosen.sheet);
      if (this.#choice.run(side) !== chosen) return; // of two runs chosen quickly, the later one wins
      this.#shown[side] = { run: chosen, bitmap };
      this.#settle(pane, side);
    } catch {
      if (this.#choice.run(side) !== chosen) return;
      pane.dataset.state = "failed";
      this.#clear(side);
      this.#lab.tellLate();
    }
  }

  /**
   * The finished picture stands in for a run until its sheet has come.
   * @param {HTMLElement} pane
   * @param {Side} side
   * @param {Run} chosen
   */
  async #standIn(pane, side, chosen) {
    const { finished } = chosen;
    finished.loading = "eager"; // it stands where a lab hides it, and would never come
    await finished.decode().catch(() => {});
    if (!finished.naturalWidth || this.#choice.run(side) !== chosen) return;
    if (pane.dataset.state === "loading") drawWhole(pen(this.#canvas(side)), finished);
    else this.draw(); // at the last step it shows more than its frame
  }

  /**
   * No picture of one run stands over the words of another, nor a difference that is not theirs.
   * @param {Side} side
   */
  #clear(side) {
    this.#shown[side] = null;
    for (const canvas of [this.#canvas(side), this.#canvas("difference")]) {
      pen(canvas).clearRect(0, 0, canvas.width, canvas.height);
    }
  }

  draw() {
    for (const side of SIDES) {
      const canvas = this.#canvas(side);
      const shown = this.#shown[side];
      if (shown) this.#drawFrame(pen(canvas), shown);
      const run = this.#choice.run(side);
      const at = this.#choice.frame(run) + 1;
      const what = `${run.said.textContent}, step ${at}: ${at < run.levels.length ? "predicted clean" : "finished"} picture`;
      canvas.setAttribute("aria-label", `${this.#lab.dataset.model}, ${what}`);
    }
    const { a, b } = this.#shown;
    if (a && b) this.#drawDifference(pen(this.#canvas("difference")), a, b);
  }

  /** How far apart the two runs lie at each step of the slider; null while a sheet is still to come. */
  curve() {
    const { a, b } = this.#shown;
    if (a?.run !== this.#choice.run("a") || b?.run !== this.#choice.run("b")) return null;
    const [one, other] = [this.#pixels(a), this.#pixels(b)];
    const steps = Array.from({ length: this.#lab.steps }, (_, at) => at + 1);
    const { frame } = this.#choice;
    return steps.map((step) => apart(one[frame(a.run, step)], other[frame(b.run, step)]));
  }

  /**
   * @param {HTMLElement} pane
   * @param {Side} side
   */
  #settle(pane, side) {
    if (!this.#shown[side]) return;
    pane.dataset.state = "ready";
    this.#lab.tellLate();
    this.draw();
    this.#choice.settled();
  }

  /** @param {string} pane */
  #canvas(pane) {
    return /** @type {HTMLCanvasElement} */ (this.#panes.get(pane));
  }

  /**
   * @param {CanvasRenderingContext2D} on
   * @param {Shown} shown
   * @param {GlobalCompositeOperation} [mode]
   */
  #drawFrame(on, { run, bitmap }, mode) {
    const at = this.#choice.frame(run);
    const { finished } = run;
    if (at === run.levels.length - 1 && finished.complete && finished.naturalWidth) drawWhole(on, finished, mode);
    else this.#sheets.draw(on, { ...run, bitmap }, at, mode);
  }

  /**
   * @param {CanvasRenderingContext2D} on
   * @param {Shown} one
   * @param {Shown} other
   */
  #drawDifference(on, one, other) {
    this.#drawFrame(on, one);
    this.#drawFrame(on, other, "difference");
    on.globalCompositeOperation = "lighter"; // a picture added to itself is twice as bright
    for (let times = 1; times < BRIGHTER; times *= 2) on.drawImage(on.canvas, 0, 0);
  }

  /**
   * The pixels of every frame of a run, small.
   * @param {Shown} shown
   */
  #pixels({ run, bitmap }) {
    const read = this.#frames.get(run);
    if (read) return read;
    const canvas = new OffscreenCanvas(READ_WIDTH, Math.round((READ_WIDTH * run.height) / run.width));
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const small = /** @type {OffscreenCanvasRenderingContext2D} */ (context);
    const frames = run.levels.map((_, index) => {
      this.#sheets.draw(small, { ...run, bitmap }, index);
      return small.getImageData(0, 0, canvas.width, canvas.height).data;
    });
    this.#frames.set(run, frames);
    return frames;
  }
}

/**
 * Root mean square difference of two frames' colours, values 0 to 1. Every fourth value is opacity, equal in both.
 * @param {Uint8ClampedArray} one
 * @param {Uint8ClampedArray} other
 */
function apart(one, other) {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] - other[at]) ** 2;
  return Math.sqrt(sum / ((one.length * 3) / 4)) / 255;
}
