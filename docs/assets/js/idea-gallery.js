// <idea-gallery>: shows the ideas that have what is chosen: any of the values of a kind, and one of each kind.

"use strict";

{
  // A block of its own: scripts of one page share their names.
  class IdeaGallery extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const signal = (this.#leave = new AbortController()).signal;
      this.boxes = [...this.querySelectorAll("[type=checkbox]")];
      this.cards = [...this.querySelectorAll(".cards > li")];
      this.addEventListener("change", () => this.#chooseByHand(), { signal });
      this.querySelector("[data-action=clear]").addEventListener("click", () => this.#clear(), { signal });
      addEventListener("hashchange", () => this.#readHash(), { signal });
      for (const box of this.boxes) box.checked = false; // a browser may remember what was chosen; the address rules
      this.#readHash();
      this.#show();
      this.classList.add("gallery-ready");
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #show() {
      const chosen = this.#chosen();
      const shown = this.#having(chosen);
      for (const card of this.cards) card.hidden = !shown.includes(card);
      // Beside each value: how many would be shown of it, beside what is chosen of the other kinds.
      for (const box of this.boxes) {
        const others = chosen.filter(({ dataset }) => dataset.kind !== box.dataset.kind);
        box.parentElement.querySelector("[data-out=left]").textContent = this.#having([...others, box]).length;
      }
      const count = shown.length;
      this.querySelector("[data-out=count]").textContent = count;
      this.querySelector(".gallery-none").hidden = count > 0;
      this.querySelector("[data-action=clear]").hidden = chosen.length === 0;
    }

    /** The cards that have one of the chosen values of each kind. */
    #having(chosen) {
      const kinds = [...new Set(chosen.map((box) => box.dataset.kind))];
      const has = (card, box) => card.dataset[box.dataset.kind].split(" ").includes(box.value);
      return this.cards.filter((card) =>
        kinds.every((kind) => chosen.some((box) => box.dataset.kind === kind && has(card, box))),
      );
    }

    #chosen() {
      return this.boxes.filter((box) => box.checked);
    }

    #chooseByHand() {
      this.#show();
      const hash = this.#chosen().map((box) => `.${box.dataset.kind}-${box.value}`);
      // Replaced, not added: the back button leads out of the page, not through every choice.
      history.replaceState(history.state, "", `#${this.id}${hash.join("")}`);
    }

    #clear() {
      for (const box of this.boxes) box.checked = false;
      this.#chooseByHand();
      this.boxes[0].focus(); // the button hides itself
    }

    /** Chooses what the address names: #gallery.finish-mirror.world-city. */
    #readHash() {
      const [id, ...named] = location.hash.slice(1).split(".");
      if (id !== this.id) return;
      for (const box of this.boxes) box.checked = named.includes(`${box.dataset.kind}-${box.value}`);
      this.#show();
    }
  }

  customElements.define("idea-gallery", IdeaGallery);
}
