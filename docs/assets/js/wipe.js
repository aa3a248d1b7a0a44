// <picture-wipe>: two pictures of a measurement, one over the other. A slider moves the edge between them; how they
// are looked at is chosen with radio buttons, which need no script: parts/pair.css reads them.

import { comeAgain } from "./come.js";
import { find, steady } from "./dom.js";

class PictureWipe extends HTMLElement {
  #leave = new AbortController();

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    const range = find(this, "input[type=range]", HTMLInputElement);
    range.addEventListener("input", () => this.#show(), { signal });
    steady(range, signal);
    addEventListener("pageshow", () => this.#show(), { signal }); // coming back, the browser sets the slider late
    comeAgain(this, signal);
    this.#show();
  }

  disconnectedCallback() {
    this.#leave.abort();
  }

  #show() {
    const range = find(this, "input[type=range]", HTMLInputElement);
    const [a, b] = ["a", "b"].map((pane) => find(this, `[data-pane=${pane}] figcaption`, HTMLElement).textContent);
    this.style.setProperty("--wipe", String(range.valueAsNumber / 100));
    range.setAttribute("aria-valuetext", `${range.value} percent “${a}”, the rest “${b}”`);
  }
}

customElements.define("picture-wipe", PictureWipe);
