// <idea-gallery>: shows the ideas that have what is chosen: any of the values of a kind, and one of each kind.

import { all, find } from "./dom.js";
import { format, parse } from "./state.js";

class IdeaGallery extends HTMLElement {
  #leave = new AbortController();
  /** @type {HTMLInputElement[]} */
  boxes = [];
  /** @type {HTMLElement[]} */
  cards = [];

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    this.boxes = all(this, "[type=checkbox]", HTMLInputElement);
    this.cards = all(this, ".cards > li", HTMLElement);
    this.addEventListener("change", () => this.#chooseByHand(), { signal });
    this.#button.addEventListener("click", () => this.#clear(), { signal });
    addEventListener("hashchange", () => this.#readHash(), { signal });
    for (const box of this.boxes) box.checked = false; // a browser may remember what was chosen; the address rules
    this.#readHash();
    this.#show();
  }

  disconnectedCallback() {
    this.#leave.abort();
  }

  get #button() {
    return find(this, "[data-action=clear]", HTMLButtonElement);
  }

  #show() {
    const chosen = this.#chosen();
    const shown = this.#having(chosen);
    for (const card of this.cards) card.hidden = !shown.includes(card);
    // Beside each value: how many would be shown of it, beside what is chosen of the other kinds.
    for (const box of this.boxes) {
      const others = chosen.filter(({ dataset }) => dataset.kind !== box.dataset.kind);
      const label = /** @type {HTMLElement} */ (box.parentElement);
      find(label, "[data-out=left]", HTMLElement).textContent = String(this.#having([...others, box]).length);
    }
    find(this, "[data-out=count]", HTMLElement).textContent = String(shown.length);
    find(this, ".gallery-none", HTMLElement).hidden = shown.length > 0;
    this.#button.hidden = chosen.length === 0;
  }

  /**
   * The cards that have one of the chosen values of each kind.
   * @param {HTMLInputElement[]} chosen
   */
  #having(chosen) {
    const kinds = [...new Set(chosen.map((box) => box.dataset.kind))];
    return this.cards.filter((card) =>
      kinds.every((kind) => chosen.some((box) => box.dataset.kind === kind && has(card, box))),
    );
  }

  #chosen() {
    return this.boxes.filter((box) => box.checked);
  }

  #chooseByHand() {
    this.#show();
    // Replaced, not added: the back button leads out of the page, not through every choice.
    history.replaceState(history.state, "", format(this.id, this.#chosen().map(state)));
  }

  #clear() {
    for (const box of this.boxes) box.checked = false;
    this.#chooseByHand();
    this.boxes[0].focus(); // the button hides itself
  }

  /** Chooses what the address names: #gallery.finish-mirror.world-city. */
  #readHash() {
    const states = parse(location.hash, this.id);
    if (!states) return;
    for (const box of this.boxes) box.checked = states.includes(state(box));
    this.#show();
  }
}

/**
 * Whether a card has the value of a box.
 * @param {HTMLElement} card
 * @param {HTMLInputElement} box
 */
function has(card, box) {
  return (card.dataset[box.dataset.kind ?? ""] ?? "").split(" ").includes(box.value);
}

/**
 * A box as the address has it.
 * @param {HTMLInputElement} box
 */
function state(box) {
  return `${box.dataset.kind}-${box.value}`;
}

customElements.define("idea-gallery", IdeaGallery);
