// <change-mind>: a run whose words change at one step. A slider moves that step: over the pictures of a sheet, over the
// measured curve beside them.

import { cameBack, keep, Rest } from "./address.js";
import { come, late } from "./come.js";
import { all, find, steady } from "./dom.js";
import { handsOn, leadTo } from "./share-link.js";
import { count, format, parse, value } from "./state.js";

class ChangeMind extends HTMLElement {
  #leave = new AbortController();
  #address = new Rest(() => keep(this.hash()));
  #chosen = "";

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    handsOn(this, signal);
    this.addEventListener("input", () => this.#turn(), { signal });
    this.addEventListener("change", () => this.#address.begins(), { signal });
    const failed = () => late(this, this.#caption, () => this.#again());
    this.addEventListener("error", failed, { signal, capture: true });
    addEventListener("online", () => this.#again(), { signal });
    addEventListener("hashchange", () => this.#readHash(), { signal });
    addEventListener("pageshow", () => this.#turn(), { signal }); // coming back, the browser sets the slider late
    steady(this.#slider, signal);
    for (const field of all(this, ".plot-field:not(:has(.turning-at))", HTMLElement)) field.append(line());
    this.classList.add("turning-ready"); // as high as it stays, before a link leads to it
    this.#readHash();
    this.#turn();
  }

  disconnectedCallback() {
    this.#leave.abort();
    this.#address.leave();
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

  get #caption() {
    return `“${this.#pair.parentElement?.textContent?.trim()}”`;
  }

  /** Another pair is shown once its sheet is there; where that does not come, the one before stays. */
  async #turn() {
    const pair = this.#pair;
    if (!this.#chosen || pair.value === this.#chosen) return this.#show(pair.value);
    const sheet = await come(this.#sheet(pair.value).src).catch(() => null);
    if (pair !== this.#pair) return;
    late(this, sheet ? "" : this.#caption);
    if (!sheet) for (const radio of this.#pairs) radio.checked = radio.value === this.#chosen;
    this.#show(this.#pair.value);
    this.#address.begins();
  }

  /** A sheet that failed is asked for anew. */
  #again() {
    const sheet = this.#sheet(this.#chosen);
    if (sheet.naturalWidth) return;
    sheet.addEventListener("load", () => late(this, ""), { once: true });
    sheet.src = `${sheet.src}`;
  }

  /** @param {string} pair */
  #sheet(pair) {
    return find(this, `[data-pair="${pair}"] img`, HTMLImageElement);
  }

  /** @param {string} pair */
  #show(pair) {
    const step = this.#slider.valueAsNumber;
    const [columns, steps] = [Number(this.dataset.columns), Number(this.dataset.steps)];
    const [shown, curve] = this.#choose(pair);
    // On each by itself: on their parent, every element below would be styled anew.
    const sheet = find(shown, ".turning-sheet", HTMLElement);
    sheet.style.setProperty("--column", String(step % columns));
    sheet.style.setProperty("--row", String(Math.floor(step / columns)));
    for (const along of [this.#slider, find(curve, ".turning-at", HTMLElement)])
      along.style.setProperty("--along", String(step / steps));
    for (const one of all(curve, "[data-values]", HTMLElement))
      one.textContent = (one.dataset.values ?? "").split("|")[step];
    this.#tell(shown, step, steps);
  }

  /**
   * The pair and the curve that are on show; no others are, and of what is said in words no series of other runs.
   * @param {string} pair
   * @returns {HTMLElement[]}
   */
  #choose(pair) {
    const shown = find(this, `[data-pair="${pair}"]`, HTMLElement);
    const curve = find(this, `[data-curve="${shown.dataset.kind}"]`, HTMLElement);
    if (this.#chosen !== pair) {
      const every = all(this, "[data-pair], [data-curve]", HTMLElement);
      for (const one of every) one.hidden = one !== shown && one !== curve;
      for (const strip of all(curve, "[data-strip]", HTMLElement)) strip.hidden = strip.dataset.strip !== pair;
      const own = shown.dataset.series?.split("|").filter(Boolean) ?? [];
      for (const line of all(curve, "li[data-series]", HTMLElement))
        line.hidden = own.length > 0 && !own.includes(line.dataset.series ?? "");
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
    const then = step < steps ? ", then" : "; none is left for";
    this.#out("then").textContent = then;
    leadTo(this, this.hash());
    const lines = all(this, `[data-curve="${kind}"] li:not([hidden])`, HTMLElement);
    const says = lines.map(({ textContent }) => textContent).join("; ");
    this.#slider.setAttribute("aria-valuetext", `“${old}” for ${step} of ${steps} steps${then} “${later}”. ${says}.`);
  }

  /** @param {string} name */
  #out(name) {
    return find(this, `[data-out=${name}]`, HTMLElement);
  }

  /** Goes where the address says: #turning.pair-world-snow.step-12. */
  #readHash() {
    const states = parse(location.hash, this.id) ?? [];
    this.#address.leave(); // led elsewhere: the address stays
    const pair = this.#pairs.find((radio) => radio.value === value(states, "pair"));
    const step = count(states, "step");
    if (pair) pair.checked = true;
    if (step !== undefined) this.#slider.value = String(step);
    if (pair || step !== undefined) this.#turn();
    if (states.length && !cameBack()) this.scrollIntoView();
  }
}

/** Where the slider stands, in a chart; an element of its own, so that the chart is not styled anew with it. */
function line() {
  const at = document.createElement("span");
  at.className = "turning-at";
  return at;
}

customElements.define("change-mind", ChangeMind);
