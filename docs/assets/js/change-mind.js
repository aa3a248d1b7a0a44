// <change-mind>: a run whose words change at one step. A slider moves that step: over the pictures of a sheet, over the
// measured curve beside them.

import { all, find, steady } from "./dom.js";
import { count, format, parse, value } from "./state.js";

class ChangeMind extends HTMLElement {
  #leave = new AbortController();
  #chosen = "";

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    this.addEventListener("input", () => this.#show(), { signal });
    this.addEventListener("change", () => history.replaceState(history.state, "", this.hash()), { signal });
    addEventListener("hashchange", () => this.#readHash(), { signal });
    addEventListener("pageshow", () => this.#show(), { signal }); // coming back, the browser sets the slider late
    steady(this.#slider, signal);
    this.#readHash();
    this.#show();
    this.classList.add("turning-ready");
  }

  disconnectedCallback() {
    this.#leave.abort();
  }

  /** The address of what is on show. */
  hash() {
    return format(this.id, [`pair-${this.#pair.value}`, `step-${this.#slider.value}`]);
  }

  get #slider() {
    return find(this, "input[type=range]", HTMLInputElement);
  }

  get #pairs() {
    return all(this, "input[type=radio]", HTMLInputElement);
  }

  get #pair() {
    return this.#pairs.find((radio) => radio.checked) ?? this.#pairs[0];
  }

  #show() {
    const step = this.#slider.valueAsNumber;
    const [columns, steps] = [Number(this.dataset.columns), Number(this.dataset.steps)];
    const [shown, curve] = this.#choose();
    // On each by itself: on their parent, every element below would be styled anew.
    const sheet = find(shown, ".turning-sheet", HTMLElement);
    sheet.style.setProperty("--column", String(step % columns));
    sheet.style.setProperty("--row", String(Math.floor(step / columns)));
    for (const along of [this.#slider, find(curve, ".plot-field", HTMLElement)])
      along.style.setProperty("--along", String(step / steps));
    for (const one of all(curve, "[data-values]", HTMLElement))
      one.textContent = (one.dataset.values ?? "").split("|")[step];
    this.#tell(shown, step, steps);
  }

  /**
   * The pair and the curve that are on show; no others are.
   * @returns {HTMLElement[]}
   */
  #choose() {
    const pair = this.#pair.value;
    const shown = find(this, `[data-pair="${pair}"]`, HTMLElement);
    const curve = find(this, `[data-curve="${shown.dataset.kind}"]`, HTMLElement);
    if (this.#chosen !== pair) {
      const every = all(this, "[data-pair], [data-curve]", HTMLElement);
      for (const one of every) one.hidden = one !== shown && one !== curve;
    }
    this.#chosen = pair;
    return [shown, curve];
  }

  /**
   * @param {HTMLElement} shown
   * @param {number} step
   * @param {number} steps
   */
  #tell(shown, step, steps) {
    const { old = "", new: later = "", kind } = shown.dataset;
    this.#out("old").textContent = old;
    this.#out("new").textContent = later;
    this.#out("step").textContent = String(step);
    find(this, "a[data-out=link]", HTMLAnchorElement).hash = this.hash();
    const says = find(this, `[data-curve="${kind}"] .turning-says`, HTMLElement).textContent;
    this.#slider.setAttribute("aria-valuetext", `“${old}” for ${step} of ${steps} steps, then “${later}”. ${says}`);
  }

  /** @param {string} name */
  #out(name) {
    return find(this, `[data-out=${name}]`, HTMLElement);
  }

  /** Goes where the address says: #turning.pair-world-snow.step-12. */
  #readHash() {
    const states = parse(location.hash, this.id) ?? [];
    const pair = this.#pairs.find((radio) => radio.value === value(states, "pair"));
    const step = count(states, "step");
    if (pair) pair.checked = true;
    if (step !== undefined) this.#slider.value = String(step);
    if (pair || step !== undefined) this.#show();
  }
}

customElements.define("change-mind", ChangeMind);
