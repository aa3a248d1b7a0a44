// <picture-loop>: a clip in place of a still picture while it plays. It begins once it is in view, unless the reader's
// system asks for less motion, and stops at a button.

import { come, late } from "./come.js";
import { find } from "./dom.js";

class PictureLoop extends HTMLElement {
  #leave = new AbortController();
  /** @type {IntersectionObserver | null} */
  #watch = null;
  #still = "";
  #begun = false;
  #plays = false; // what was asked for last

  connectedCallback() {
    this.#leave = new AbortController();
    const button = find(this, "button", HTMLButtonElement);
    this.#still ||= find(this, "img", HTMLImageElement).src;
    button.addEventListener("click", () => this.#turn(button.textContent === "Play"), this.#leave);
    // On paper a clip would stand still on its first frame: noise.
    addEventListener("beforeprint", () => this.#show(this.#still), this.#leave);
    addEventListener("afterprint", () => this.#turn(button.textContent === "Stop"), this.#leave);
    if (!this.#begun && matchMedia("(prefers-reduced-motion: no-preference)").matches) {
      this.#watch = new IntersectionObserver((seen) => this.#begin(seen), { threshold: 0.6 });
      this.#watch.observe(this);
    }
  }

  disconnectedCallback() {
    this.#leave.abort();
    this.#watch?.disconnect();
  }

  /** @param {IntersectionObserverEntry[]} seen */
  #begin(seen) {
    if (!seen.some((entry) => entry.isIntersecting)) return;
    this.#begun = true; // once: what the reader has stopped stays so
    this.#watch?.disconnect();
    this.#turn(true);
  }

  /** @param {string} src */
  #show(src) {
    find(this, "img", HTMLImageElement).src = src;
  }

  /**
   * The still stays until the clip is there.
   * @param {boolean} plays
   */
  async #turn(plays) {
    this.#plays = plays;
    const there = plays ? await come(this.dataset.moving ?? "").catch(() => null) : this;
    if (plays !== this.#plays) return;
    late(this, there ? "" : "The clip", "Press Play to try again.");
    if (!there) return;
    this.#show(plays ? (this.dataset.moving ?? "") : this.#still);
    find(this, "button", HTMLButtonElement).textContent = plays ? "Stop" : "Play";
  }
}

customElements.define("picture-loop", PictureLoop);
