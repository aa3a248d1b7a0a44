// <run-here>: paints a kept capture once more in this browser, and says how far the two pictures lie apart. The engine
// and the model come when the button is pressed, and their memory is given back when the picture is there.

import { come } from "./come.js";
import { all, find, tell } from "./dom.js";

/** @typedef {import("./live/run.js").Settings} Settings */

const TIMES = 64; // how much brighter a difference is shown
const NOT_COME = "What that takes did not come. Is there a connection? Press it again.";

class RunHere extends HTMLElement {
  #leave = new AbortController();

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    find(this, "button", HTMLButtonElement).addEventListener("click", () => this.#run(), { signal });
    this.classList.add("here-ready");
  }

  disconnectedCallback() {
    this.#leave.abort();
  }

  async #run() {
    const button = find(this, "button", HTMLButtonElement);
    if (button.ariaDisabled === "true") return; // not disabled: the keys would fall off it
    button.ariaDisabled = "true";
    this.classList.remove("here-done");
    try {
      const { lacking, paintOnce } = await import("./live/once.js").catch(notCome);
      const says = lacking();
      if (says) return this.#say(says);
      this.#say("The model is on its way.");
      const kept = find(this, "img", HTMLImageElement);
      const there = await come(kept.src).catch(notCome);
      kept.loading = "eager"; // it is not on show, so nothing else would bring it
      if (kept.complete && !kept.naturalWidth) kept.src = there.src; // it failed before
      this.#compare(await paintOnce(this.dataset, (step, steps) => this.#count(step, steps)), there);
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
    } finally {
      find(this, "[data-out=count]", HTMLElement).textContent = "";
      button.ariaDisabled = null;
    }
  }

  /**
   * @param {Uint8ClampedArray<ArrayBuffer>} picture RGBA
   * @param {HTMLImageElement} there the kept one
   */
  #compare(picture, there) {
    const [here, difference] = all(this, "canvas", HTMLCanvasElement);
    const { width, height } = here;
    const context = here.getContext("2d", { willReadFrequently: true });
    context?.drawImage(there, 0, 0, width, height);
    const kept = context?.getImageData(0, 0, width, height).data ?? picture;
    const apart = kept.map((value, i) => Math.abs(value - picture[i]));
    context?.putImageData(new ImageData(picture, width, height), 0, 0);
    const shown = apart.map((value, i) => (i % 4 === 3 ? 255 : TIMES * value));
    difference.getContext("2d")?.putImageData(new ImageData(shown, width, height), 0, 0);
    this.classList.add("here-done");
    this.#say(verdict(apart));
  }

  /**
   * Steps are counted for the eyes: read out, thirty of them would be in the way.
   * @param {number} step
   * @param {number} steps
   */
  #count(step, steps) {
    this.#say("It paints.");
    find(this, "[data-out=count]", HTMLElement).textContent = `Step ${step} of ${steps}`;
  }

  /** @param {string} says */
  #say(says) {
    tell(find(this, "[data-out=here]", HTMLElement), says);
  }
}

/** @returns {never} */
function notCome() {
  throw new Error(NOT_COME);
}

/** @param {Uint8ClampedArray} apart */
function verdict(apart) {
  const most = apart.reduce((high, value) => Math.max(high, value), 0);
  const share = apart.reduce((count, value) => count + Number(value > 0), 0) / ((3 * apart.length) / 4);
  if (!most) return "Painted here: equal to the kept picture in every value.";
  return `Painted here: equal to the kept picture within ${most} of 255; ${(100 * share).toFixed(3)} % of the values differ.`;
}

customElements.define("run-here", RunHere);
