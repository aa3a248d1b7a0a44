// <painted-before>: shows, in a painter, what was painted before by the words and the seed that are chosen there. Pictures
// come one at a time; the painter's button paints the same run anew.

import { keep, Rest } from "./address.js";
import { comeAgain } from "./come.js";
import { all, around, find, tell } from "./dom.js";
import { field, isField, read } from "./live/form.js";
import { states } from "./live/settings.js";
import { handsOn, leadTo } from "./share-link.js";
import { format } from "./state.js";

const TYPED_MS = 700; // half a word is not read out

class PaintedBefore extends HTMLElement {
  #leave = new AbortController();
  #typed = new Rest(() => this.#show(), TYPED_MS);
  /** @type {Map<string, HTMLAnchorElement>} what a link says -> a link to that picture */
  #links = new Map();

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    for (const link of all(this.#painter, "[data-painted], .painted-list a", HTMLAnchorElement)) {
      const name = link.dataset.painted ?? link.textContent;
      if (!this.#links.has(name)) this.#links.set(name, link); // the list comes first: its pictures are small
    }
    // Outside the painter: by then it has put the chosen words into its field.
    const outside = this.#painter.parentElement ?? this.#painter;
    outside.addEventListener("change", (event) => this.#onChange(event), { signal });
    outside.addEventListener("input", (event) => this.#onInput(event), { signal });
    outside.addEventListener("click", (event) => this.#onClick(event), { signal });
    const showSoon = () => setTimeout(() => this.isConnected && this.#show()); // once the painter has read the address
    addEventListener("hashchange", showSoon, { signal });
    showSoon();
    handsOn(this, signal);
    comeAgain(this, signal);
  }

  disconnectedCallback() {
    this.#leave.abort();
    this.#typed.leave();
  }

  get #painter() {
    const painter = this.closest("paint-lab");
    if (!(painter instanceof HTMLElement)) throw new TypeError("painted-before: stands in no painter");
    return painter;
  }

  get #seeds() {
    return all(this, "[name=painted-seed]", HTMLInputElement);
  }

  /** All seeds that anything was painted from; one alone is no choice. */
  get #every() {
    return (this.dataset.seeds ?? "").split(" ");
  }

  get #text() {
    return find(this.#painter, "[name=prompt-a]", HTMLTextAreaElement).value.trim().replace(/\s+/g, " ");
  }

  /** @param {Event} event */
  #onChange({ target }) {
    if (!isField(target)) return;
    if (target.name === "painted-seed") field(this.#painter, "seed").value = target.value;
    if (target.dataset.chip) this.#fit();
    const found = this.#show() && ["prompt-a", "seed"].includes(target.name);
    if (target.name === "painted-seed" || target.dataset.chip || found) keep(this.#address());
  }

  /**
   * What is typed, words once the keys rest; a choice is told by its change, which comes right behind.
   * @param {Event} event
   */
  #onInput({ target }) {
    if (!isField(target) || target.type === "radio") return;
    if (target.name === "prompt-a") this.#typed.begins();
    else this.#show();
  }

  /**
   * A picture of the list is shown here, with its words and seed in the painter.
   * @param {MouseEvent} event
   */
  #onClick(event) {
    const link = around(event, ".painted-list a", HTMLAnchorElement);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return; // it opens elsewhere
    event.preventDefault();
    const [text, seed] = link.textContent.split(", seed ");
    keep(this.#address(text, Number(seed)));
    dispatchEvent(new Event("hashchange")); // the painter reads it
    find(this, "figure", HTMLElement).focus();
  }

  /**
   * The address of what is chosen, as the painter reads it; of other words and another seed.
   * @param {string} [prompt]
   * @param {number} [seed]
   */
  #address(prompt = this.#text, seed = read(this.#painter).seed) {
    const painter = this.#painter;
    const plan = [{ at: 0, prompt, guidance: Number(field(painter, "guidance").value) }];
    return format(painter.id, states({ ...read(painter), seed, plan }));
  }

  /** Another choice of words keeps its seed where that was painted too, else takes one that was. */
  #fit() {
    const seed = field(this.#painter, "seed");
    const there = this.#every.filter((each) => this.#painted(each));
    if (there.length && !this.#painted(seed.value)) seed.value = there[0];
  }

  /** @param {string} seed */
  #painted(seed) {
    return this.#links.has(named(this.#text, Number(seed)));
  }

  /** Whether there is a picture of what is chosen. */
  #show() {
    leadTo(this, this.#address());
    const [text, seed] = [this.#text, Number(field(this.#painter, "seed").value)];
    for (const radio of this.#seeds) {
      const there = this.#painted(radio.value);
      find(this, `label:has([value="${radio.value}"])`, HTMLElement).hidden = !there;
      radio.checked = there && Number(radio.value) === seed;
    }
    const link = this.#links.get(named(text, seed));
    this.#painter.toggleAttribute("data-known", !!link);
    const image = find(this, "img", HTMLImageElement);
    const [says, tokens] = ["asked", "read"].map((name) => find(this, `[data-out=${name}]`, HTMLElement));
    find(this, "figure", HTMLElement).dataset.state = link ? "there" : "none";
    if (!link) {
      image.alt = "";
      tell(says, `“${text}”: no picture from this seed is kept. The button paints it.`);
      return false;
    }
    const src = link.querySelector("img")?.src ?? link.href; // of a run that is kept step by step the link leads there
    if (image.src !== src) image.src = src;
    image.alt = `${this.dataset.model}: ${text}, seed ${seed}`;
    const unseen = link.dataset.unseen === undefined ? "" : " Training never saw this combination.";
    tell(says, `“${text}”.${unseen}`);
    tokens.textContent = link.dataset.read ?? split(text);
    return true;
  }
}

/**
 * @param {string} text
 * @param {number} seed
 */
const named = (text, seed) => `${text}, seed ${seed}`;

/**
 * A prompt in the pieces of most tokenizers; where the model's own has others, the link says them.
 * @param {string} text
 */
const split = (text) => (text.toLowerCase().match(/\w+|[^\w\s]/g) ?? []).join(" · ");

customElements.define("painted-before", PaintedBefore);
