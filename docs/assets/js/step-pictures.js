// The pictures of a step lab: each view's frame at the step, a word's attention glowing over a grey picture.

import { find } from "./dom.js";
import { drawWhole, pen, Sheets, size } from "./sheets.js";

/** @typedef {import("./sheets.js").Pen} Pen */
/** @typedef {import("./sheets.js").Sheet} Sheet */

const HEAT = "#ff7a1a"; // the places that read a word, over a grey picture; the same in light and dark

export class StepPictures {
  /** @type {Map<string, Sheet>} view -> what is on show; stays until the next one is decoded */
  #shown = new Map();
  /** @type {Map<string, string>} view -> the sheet that it waits for */
  #wanted = new Map();
  /** @type {HTMLImageElement | null} the finished picture, once decoded: at the last step it shows more than its frame */
  #finished = null;
  #lab;
  #panes;
  #says;
  #sheets;

  /**
   * @param {import("./lab.js").Lab} lab
   * @param {Map<string, HTMLCanvasElement>} panes by their view
   * @param {(view: string) => string} says what a view shows at the lab's step
   */
  constructor(lab, panes, says) {
    this.#lab = lab;
    this.#panes = panes;
    this.#says = says;
    this.#sheets = new Sheets(lab);
  }

  /** Takes a view's sheet away. @param {string} view */
  clear(view) {
    this.#shown.delete(view);
  }

  /** The finished picture stands in for the guesses until their sheet has come: it is on the page already. */
  async #standIn() {
    const canvas = this.#panes.get("clean");
    const finished = find(this.#lab, ".lab-head img", HTMLImageElement);
    await finished.decode().catch(() => {});
    if (!canvas || !finished.naturalWidth) return;
    this.#finished = finished;
    if (this.#shown.has("clean")) this.draw("clean");
    else drawWhole(pen(canvas), finished);
  }

  /**
   * Puts a sheet on show once it is decoded.
   * @param {string} view
   * @param {HTMLElement} [from] holds its address and its frames' size
   */
  async show(view, from) {
    const pane = this.#panes.get(view)?.parentElement;
    if (!pane) return;
    const sheet = from?.dataset.sheet ?? "";
    this.#wanted.set(view, sheet); // of two words chosen quickly, the later one wins
    delete pane.dataset.state;
    if (sheet && this.#lab.near) {
      pane.dataset.state = "loading";
      if (view === "clean") this.#standIn();
      try {
        const bitmap = await this.#sheets.get(sheet);
        if (this.#wanted.get(view) !== sheet) return;
        this.#shown.set(view, { bitmap, ...size(from?.dataset.size ?? "") });
        pane.dataset.state = "ready";
      } catch {
        if (this.#wanted.get(view) === sheet) pane.dataset.state = "failed";
      }
    }
    this.#lab.tellLate();
    this.draw(view);
    if (view === "clean") this.draw("attention"); // drawn over it
  }

  /** @param {string} view */
  draw(view) {
    const canvas = this.#panes.get(view);
    const sheet = this.#shown.get(view);
    if (!canvas) return;
    if (view === "clean" && this.#lab.step === this.#lab.steps && this.#finished) {
      drawWhole(pen(canvas), this.#finished);
    } else if (view === "attention") this.#drawHeat(pen(canvas), sheet);
    else if (sheet) this.#drawFrame(pen(canvas), sheet);
    if (view === "noisy" && sheet) this.#drawFrame(pen(find(this.#lab, ".lab-true", HTMLCanvasElement)), sheet);
    const place = `${this.#lab.dataset.model}, step ${this.#lab.step} of ${this.#lab.steps}`;
    canvas.setAttribute("aria-label", `${place}: ${this.#says(view)}`);
  }

  /**
   * @param {Pen} on
   * @param {Sheet} sheet
   */
  #drawFrame(on, sheet) {
    this.#sheets.draw(on, sheet, this.#lab.step - 1);
  }

  /**
   * A word's attention glows over a dim, grey picture; with no word, the grey picture waits.
   * @param {CanvasRenderingContext2D} on
   * @param {Sheet} [sheet]
   */
  #drawHeat(on, sheet) {
    const under = this.#shown.get("clean");
    if (!under) return;
    this.#drawFrame(on, under);
    fill(on, "saturation", "#000");
    fill(on, "source-over", "rgb(10 12 15 / 70%)");
    if (!sheet) return;
    const glow = new OffscreenCanvas(on.canvas.width, on.canvas.height);
    const heat = /** @type {OffscreenCanvasRenderingContext2D} */ (glow.getContext("2d"));
    this.#drawFrame(heat, sheet);
    fill(heat, "multiply", HEAT);
    on.globalCompositeOperation = "screen";
    on.drawImage(glow, 0, 0);
  }
}

/**
 * @param {Pen} on
 * @param {GlobalCompositeOperation} mode
 * @param {string} colour
 */
function fill(on, mode, colour) {
  on.globalCompositeOperation = mode;
  on.fillStyle = colour;
  on.fillRect(0, 0, on.canvas.width, on.canvas.height);
}
