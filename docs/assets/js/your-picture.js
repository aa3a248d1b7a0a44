// <your-picture>: a reader's own picture, looked at step by step, and what its file kept. It is drawn and read in this page;
// nothing is sent.

import { all, around, find } from "./dom.js";
import { download } from "./live/take-along.js";
import { card } from "./picture/card.js";
import { drawClose, reveal } from "./picture/close.js";
import { finding } from "./picture/findings.js";
import { Marks } from "./picture/marks.js";
import { Sight } from "./picture/sight.js";
import { tell } from "./picture/told.js";
import { format, parse, value } from "./state.js";

const RESTS_MS = 250; // a browser counts how often an address changes: a key that is held would be too often
const MOST_SIDES = 100e6; // pixels that a browser is asked to unpack

class YourPicture extends HTMLElement {
  #leave = new AbortController();
  /** @type {Sight | null} none until a picture is there */
  #sight = null;
  /** @type {Marks | null} */
  #marks = null;
  /** @type {Record<string, string>} */
  #answers = {};
  #step = "colours";
  #rests = 0; // a timer
  #turn = 0; // of pictures: one that comes late is dropped

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    this.#marks = new Marks(this.#stage, (settled) => this.#moved(settled));
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.addEventListener("change", (event) => this.#onChange(event), { signal });
    this.addEventListener("input", () => this.#look(), { signal });
    this.addEventListener("dragover", (event) => event.preventDefault(), { signal });
    this.addEventListener("drop", (event) => this.#onFiles(event, event.dataTransfer), { signal });
    addEventListener("paste", (event) => this.#onFiles(event, event.clipboardData), { signal });
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
   * @param {Event} event
   * @param {DataTransfer | null} data
   */
  #onFiles(event, data) {
    const file = [...(data?.files ?? [])].find(({ type }) => type.startsWith("image/")) ?? data?.files[0];
    if (!file) return;
    event.preventDefault();
    this.#open(file);
  }

  /** @param {Blob} file */
  async #open(file) {
    const turn = ++this.#turn;
    this.#say("Reading…");
    const { read } = await import("./settings/read.js");
    const told = await read(new Uint8Array(await file.slice(0, 100e6 + 1).arrayBuffer()));
    if (turn !== this.#turn) return;
    const over = told.width * told.height > MOST_SIDES;
    const bitmap = !told.kind || over ? null : await createImageBitmap(file).catch(() => null);
    if (turn !== this.#turn) return;
    if (bitmap) this.#draw(bitmap);
    tell(this, told);
    const why = over
      ? `${told.width} × ${told.height} pixels are more than a page can unpack.`
      : "Your browser cannot show it.";
    this.#say(bitmap ? "" : told.kind ? why : told.says);
  }

  /** @param {ImageBitmap} bitmap */
  #draw(bitmap) {
    this.#sight ??= new Sight(find(this, ".own-stage canvas", HTMLCanvasElement));
    const shrunk = this.#sight.draw(bitmap);
    find(this, "[data-out=shrunk]", HTMLElement).hidden = !shrunk;
    this.#stage.style.setProperty("--ratio", String(this.#sight.ratio));
    this.classList.add("own-there");
    this.#look();
  }

  /** @param {HTMLButtonElement} button */
  async #openOurs(button) {
    const answer = await fetch(button.dataset.src ?? "").catch(() => null);
    if (!answer?.ok) return this.#say("Our picture did not come; is there a connection?");
    if (button.dataset.marks) this.#marks?.take(button.dataset.marks.split(" "));
    await this.#open(await answer.blob());
  }

  // --- what the reader does

  /** @param {MouseEvent} event */
  #onClick(event) {
    const button = around(event, "button", HTMLButtonElement);
    if (!button) return;
    const { action, go } = button.dataset;
    if (go) this.#show(go);
    if (go) this.#rest();
    if (action === "ours") this.#openOurs(button);
    if (action === "brightest" && this.#sight) this.#marks?.put("spot", this.#sight.brightest());
    if (action === "reset") this.#marks?.reset();
    if (action === "brightest" || action === "reset") this.#moved(true);
    if (action === "save") this.#save();
    if (button.dataset.pick) this.#marks?.choose(button.dataset.pick);
    this.#showActive();
  }

  /** @param {Event} event */
  #onChange({ target }) {
    if (!(target instanceof HTMLInputElement)) return;
    if (target.type === "file" && target.files?.[0]) this.#open(target.files[0]);
    if (target.type === "radio") this.#answers[target.name.replace("own-", "")] = target.value;
    if (target.type !== "file") this.#moved(true);
    else target.value = ""; // the same file can be chosen again
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
    const open = all(this, ".own-steps [data-go]", HTMLButtonElement).find(({ dataset }) => dataset.go === step);
    if (open) reveal(open); // before anything changes: the page is laid out once
    for (const panel of all(this, "[data-panel]", HTMLElement)) panel.hidden = panel.dataset.panel !== step;
    for (const button of all(this, ".own-steps [data-go]", HTMLButtonElement)) {
      button.setAttribute("aria-current", button.dataset.go === step ? "step" : "false");
    }
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
    if (!this.#sight || !this.#marks || !(this.#marks.touched(step) || this.#answers[step])) return "";
    const { rendered, painted } = find(this, "[data-panel=white]", HTMLElement).dataset;
    const white = rendered && painted ? { rendered: Number(rendered), painted: Number(painted) } : null;
    return finding(step, this.#marks.at, this.#sight, { white, answers: this.#answers });
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
    const answers = Object.entries(this.#answers).map(([name, answer]) => `${name}-${answer}`);
    history.replaceState(history.state, "", format(this.id, [this.#step, ...(this.#marks?.told ?? []), ...answers]));
  }

  #readHash() {
    const states = parse(location.hash, this.id);
    if (!states) return;
    this.#marks?.take(states);
    for (const box of all(this, "[type=radio]", HTMLInputElement)) {
      box.checked = value(states, box.name.replace("own-", "")) === box.value;
      if (box.checked) this.#answers[box.name.replace("own-", "")] = box.value;
    }
    const steps = all(this, "[data-panel]", HTMLElement).map(({ dataset }) => dataset.panel);
    this.#show(steps.find((step) => states.includes(step ?? "")) ?? this.#step);
  }
}

customElements.define("your-picture", YourPicture);
