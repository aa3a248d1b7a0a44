// <picture-wipe>: two pictures of a measurement, one over the other. A slider moves the edge between them; how they
// are looked at is chosen with radio buttons, which need no script: wipe.css reads them.

"use strict";

{
  class PictureWipe extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = (this.#leave = new AbortController());
      this.range = this.querySelector("input[type=range]");
      this.said = [..."ab"].map((pane) => this.querySelector(`[data-pane=${pane}] figcaption`).textContent);
      this.range.addEventListener("input", () => this.#show(), { signal });
      addEventListener("pageshow", () => this.#show(), { signal }); // coming back, the browser sets the slider late
      this.#show();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #show() {
      const [a, b] = this.said;
      this.style.setProperty("--wipe", this.range.value / 100);
      this.range.setAttribute("aria-valuetext", `${this.range.value} percent “${a}”, the rest “${b}”`);
    }
  }

  customElements.define("picture-wipe", PictureWipe);
}
