// <idea-gallery>: shows the ideas that have what is chosen: any of the values of a kind, and one of each kind; where
// there are many, a page of them at a time.

import { keep } from "./address.js";
import { comeAgain } from "./come.js";
import { all, find } from "./dom.js";
import { count, format, parse } from "./state.js";

class IdeaGallery extends HTMLElement {
  #leave = new AbortController();
  /** @type {HTMLInputElement[]} */
  boxes = [];
  /** @type {HTMLElement[]} */
  cards = [];
  #page = 1;

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    this.boxes = all(this, "[type=checkbox]", HTMLInputElement);
    this.cards = all(this, ".cards > li", HTMLElement);
    this.addEventListener("change", () => this.#chooseByHand(), { signal });
    this.#button.addEventListener("click", () => this.#clear(), { signal });
    for (const button of all(this, ".gallery-pages button", HTMLButtonElement)) {
      button.addEventListener("click", () => this.#turn(button.dataset.action === "on" ? 1 : -1), { signal });
    }
    addEventListener("hashchange", () => this.#readHash(), { signal });
    for (const box of this.boxes) box.checked = false; // a browser may remember what was chosen; the address rules
    this.#readHash();
    this.#show();
    comeAgain(this, signal);
  }

  disconnectedCallback() {
    this.#leave.abort();
  }

  get #button() {
    return find(this, "[data-action=clear]", HTMLButtonElement);
  }

  get #kinds() {
    return find(this, ".gallery-kinds", HTMLDetailsElement);
  }

  #show() {
    const chosen = this.#chosen();
    const shown = this.#having(chosen);
    const now = new Set(this.#onPage(shown));
    for (const card of this.cards) card.hidden = !now.has(card);
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
   * The cards of the page that is open, of those that are shown at all; says which page that is.
   * @param {HTMLElement[]} shown
   */
  #onPage(shown) {
    const size = Number(this.dataset.page);
    const pages = Math.max(1, Math.ceil(shown.length / size));
    this.#page = Math.min(this.#page, pages);
    const bar = find(this, ".gallery-pages", HTMLElement);
    bar.hidden = pages === 1;
    find(bar, "[data-out=page]", HTMLElement).textContent = `Page ${this.#page} of ${pages}`;
    find(bar, "[data-action=back]", HTMLButtonElement).disabled = this.#page === 1;
    find(bar, "[data-action=on]", HTMLButtonElement).disabled = this.#page === pages;
    return shown.slice((this.#page - 1) * size, this.#page * size);
  }

  /**
   * Opens another page at its first card: the buttons stand below the last.
   * @param {number} by
   */
  #turn(by) {
    this.#page += by;
    this.#show();
    this.#tell();
    const first = this.cards.find((card) => !card.hidden);
    if (first) find(first, "a", HTMLAnchorElement).focus();
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
    this.#page = 1;
    this.#show();
    this.#tell();
  }

  #tell() {
    const page = this.#page > 1 ? [`page-${this.#page}`] : [];
    keep(format(this.id, [...this.#chosen().map(state), ...page]));
  }

  #clear() {
    for (const box of this.boxes) box.checked = false;
    this.#chooseByHand();
    find(this.#kinds, "summary", HTMLElement).focus(); // the button hides itself
  }

  /** Chooses what the address names: #gallery.finish-mirror.world-city. */
  #readHash() {
    const states = parse(location.hash, this.id);
    if (!states) return;
    for (const box of this.boxes) box.checked = states.includes(state(box));
    this.#page = Math.max(1, count(states, "page") ?? 1);
    // What is chosen is in sight.
    if (this.#chosen().length) this.#kinds.open = true;
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
