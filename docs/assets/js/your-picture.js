// <your-picture>: a reader's own picture, looked at step by step, and what its file kept. It is drawn and read in this page;
// nothing is sent.

import { all, around, find } from "./dom.js";
import { download } from "./live/take-along.js";
import { answer, answersIn } from "./picture/answers.js";
import { onBrought } from "./picture/brought.js";
import { card } from "./picture/card.js";
import { drawClose } from "./picture/close.js";
import { finding } from "./picture/findings.js";
import { Marks } from "./picture/marks.js";
import { opened } from "./picture/opened.js";
import { Sight } from "./picture/sight.js";
import { openStep, stepIn } from "./picture/steps.js";
import { tell } from "./picture/told.js";
import { format, parse, value } from "./state.js";

const RESTS_MS = 250; // a browser counts how often an address changes: a key that is held would be too often
const OTHERS = "The link’s marks were made on another picture; they were left out.";
const WAITS = "The link’s marks come back with the picture they were made on: choose it.";

class YourPicture extends HTMLElement {
  #leave = new AbortController();
  #sight = /** @type {Sight | null} */ (null); // none until a picture is there
  #marks = /** @type {Marks | null} */ (null);
  #step = "colours";
  #rests = 0; // a timer
  #turn = 0; // of pictures: one that comes late is dropped
  #of = ""; // the name of the picture on show
  #linked = /** @type {{ of: string, states: string[] } | null} */ (null); // what a link marks, on which picture

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    this.#marks = new Marks(this.#stage, (settled) => this.#moved(settled));
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.addEventListener("change", (event) => this.#onChange(event), { signal });
    onBrought(this, (file) => this.#open(file), signal);
    this.addEventListener("input", () => this.#look(), { signal });
    addEventListener("hashchange", () => this.#readHash(), { signal });
    this.#readHash();
    this.#show(this.#step);
    this.classList.add("own-ready");
  }

  disconnectedCallback() {
    this.#leave.abort();
    clearTimeout(this.#rests);
  }

  get #stage() {
    return find(this, ".own-stage", HTMLElement);
  }

  // --- a picture comes

  /**
   * @param {Blob} file
   * @param {DOMStringMap} [ours] the name of a picture of ours, and the marks that it begins with
   */
  async #open(file, ours = {}) {
    const turn = ++this.#turn;
    this.#say("Reading…");
    const picture = await opened(file).catch(() => null);
    if (turn !== this.#turn) return;
    if (!picture) return this.#say("Our script did not come; is there a connection?");
    const { told, bitmap, name, says } = picture;
    this.#say(says);
    tell(this, told);
    if (bitmap) this.#draw(bitmap, ours.of ?? name, ours.marks?.split(" ") ?? []);
  }

  /**
   * Another picture has no marks yet; the very same one keeps them.
   * @param {ImageBitmap} bitmap
   * @param {string} name
   * @param {string[]} begins
   */
  #draw(bitmap, name, begins) {
    this.#sight ??= new Sight(find(this, ".own-stage canvas", HTMLCanvasElement));
    const shrunk = this.#sight.draw(bitmap);
    find(this, "[data-out=shrunk]", HTMLElement).hidden = !shrunk;
    this.#stage.style.setProperty("--ratio", String(this.#sight.ratio));
    this.classList.add("own-there");
    if (name !== this.#of) this.#forget();
    this.#of = name;
    this.#marks?.take(begins);
    this.#takeLinked();
    this.#moved(true);
  }

  #forget() {
    this.#marks?.reset();
    answer(this, []);
  }

  /** What a link marks, if this is its picture. */
  #takeLinked() {
    if (!this.#linked) return;
    const { of, states } = this.#linked;
    this.#linked = null;
    if (of !== this.#of) return this.#say(OTHERS);
    this.#marks?.take(states);
    answer(this, states);
  }

  /** @param {HTMLButtonElement} button */
  async #openOurs(button) {
    const response = await fetch(button.dataset.src ?? "").catch(() => null);
    if (!response?.ok) return this.#say("Our picture did not come; is there a connection?");
    await this.#open(await response.blob(), button.dataset);
  }

  // --- what the reader does

  /** @param {MouseEvent} event */
  #onClick(event) {
    const button = around(event, "button", HTMLButtonElement);
    const { action, go, pick } = button?.dataset ?? {};
    if (go) this.#show(go);
    if (go) this.#rest();
    if (button && action === "ours") this.#openOurs(button);
    if (action === "brightest" && this.#sight) this.#marks?.put("spot", this.#sight.brightest());
    if (action === "reset") this.#marks?.reset();
    if (action === "brightest" || action === "reset") this.#moved(true);
    if (action === "save") this.#save();
    if (pick) this.#marks?.choose(pick);
    this.#showActive();
  }

  /** @param {Event} event */
  #onChange({ target }) {
    if (target instanceof HTMLInputElement && target.type !== "file") this.#moved(true);
  }

  /** @param {boolean} settled */
  #moved(settled) {
    this.#look();
    this.#showActive();
    if (settled) this.#rest();
  }

  #rest() {
    clearTimeout(this.#rests);
    this.#rests = window.setTimeout(() => this.#tellHash(), RESTS_MS);
  }

  // --- what is shown

  /** @param {string} step */
  #show(step) {
    this.#step = step;
    openStep(this, step);
    this.#marks?.show(step);
    this.#showActive();
    requestAnimationFrame(() => setTimeout(() => this.#look())); // behind the frame that shows the step
  }

  /** Says what a tap would put somewhere. */
  #showActive() {
    for (const button of all(this, "[data-pick]", HTMLButtonElement)) {
      button.setAttribute("aria-pressed", String(button.dataset.pick === this.#marks?.active));
    }
  }

  #look() {
    const { sight, marks } = { sight: this.#sight, marks: this.#marks };
    if (!sight || !marks) return;
    for (const out of all(this, "[data-find]", HTMLOutputElement)) {
      const step = out.dataset.find ?? "";
      if (step === this.#step || this.#step === "card")
        this.#out(out, this.#finding(step) || (out.dataset.before ?? ""));
    }
    for (const swatch of all(this, "[data-swatch]", HTMLElement)) {
      if (this.#step === "colours") swatch.style.background = sight.colour(marks.at(swatch.dataset.swatch ?? "")).css;
    }
    for (const canvas of all(this, "[data-close]", HTMLCanvasElement)) {
      if (canvas.dataset.of === this.#step)
        drawClose(canvas, sight.canvas, marks.at(canvas.dataset.close ?? ""), this.#span);
    }
  }

  /**
   * @param {HTMLOutputElement} out
   * @param {string} says
   */
  #out(out, says) {
    if (out.textContent !== says) out.textContent = says;
  }

  /** @param {string} step */
  #finding(step) {
    const answers = answersIn(this);
    if (!this.#sight || !this.#marks || !(this.#marks.touched(step) || answers[step])) return "";
    const { rendered, painted } = find(this, "[data-panel=white]", HTMLElement).dataset;
    const white = rendered && painted ? { rendered: Number(rendered), painted: Number(painted) } : null;
    return finding(step, this.#marks.at, this.#sight, { white, answers });
  }

  /** How much of the picture's width a closer look shows. */
  get #span() {
    return Number(find(this, `[name=span-${this.#step}]`, HTMLInputElement).value) / 100;
  }

  /** @param {string} says */
  #say(says) {
    find(this, "[data-out=says]", HTMLElement).textContent = says;
  }

  // --- what can be taken along

  async #save() {
    const { sight, marks } = { sight: this.#sight, marks: this.#marks };
    if (!sight || !marks) return this.#say("First choose a picture.");
    const outs = all(this, "[data-panel=card] [data-find]", HTMLOutputElement);
    const findings = outs.map(({ dataset, textContent }) => ({
      title: dataset.title ?? "",
      says: textContent ?? "",
      ...marks.of(dataset.find ?? ""),
    }));
    const told = findings.filter(({ says }) => says);
    if (!told.length) return this.#say("Nothing has been marked yet; go through the steps first.");
    const drawn = card(sight.canvas, told, find(this, "[data-out=foot]", HTMLElement).textContent ?? "");
    /** @type {Blob | null} */
    const blob = await new Promise((done) => drawn.toBlob(done, "image/png"));
    if (blob) download(blob, "my-picture-checked.png");
  }

  #tellHash() {
    const answers = Object.entries(answersIn(this)).map(([name, answer]) => `${name}-${answer}`);
    const made = [...(this.#marks?.told ?? []), ...answers];
    const of = made.length ? [`of-${this.#of}`] : [];
    history.replaceState(history.state, "", format(this.id, [this.#step, ...of, ...made]));
  }

  #readHash() {
    const states = parse(location.hash, this.id);
    if (!states) return;
    this.#show(stepIn(this, states) ?? this.#step);
    if (!states.some((state) => /-(\d+-\d+|[a-z]+)$/.test(state))) return;
    const of = value(states, "of") ?? "";
    this.#linked = { of, states };
    const ours = all(this, "[data-action=ours]", HTMLButtonElement).find(({ dataset }) => dataset.of === of);
    if (this.#of && (this.#of === of || !ours)) this.#takeLinked();
    else if (ours) this.#openOurs(ours);
    else this.#say(WAITS);
  }
}

customElements.define("your-picture", YourPicture);
