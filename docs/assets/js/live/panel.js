// One run on the page: its words, its pictures step by step, and what a reader can do with them.

import { all, around, find } from "../dom.js";
import { offer } from "./actions.js";
import { drawMap, drawPicture, readOf } from "./canvas.js";
import { markStrange, sendOnEnter, whenFree } from "./form.js";

/**
 * @typedef {import("./session.js").Step} Step
 * @typedef {import("./run.js").Word} Word
 * @typedef {import("./run.js").Settings} Settings
 * @typedef {{ reads: Float32Array | null, push: Float32Array | null, words: Word[],
 *   picture: Uint8ClampedArray<ArrayBuffer> | null }} Frame what is kept of a step
 */

const SMALL = 4; // times smaller than the picture, in the film

export class Panel {
  /** @type {Frame[]} */
  #frames = [];
  #chosen = "";
  #shown = -1; // the step on show, from 0
  drawn = -1; // the one whose picture that is: the same, or by hand one before it
  #follows = true; // whether the newest step is shown once its picture is there
  /** @type {Settings | null} all that the run on show follows from */
  run = null;
  later = /** @type {Settings["plan"]} */ ([]); // further words that a link asks for
  #steps = 0;
  going = false; // whether steps come
  #changed;

  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} words where they are typed
   * @param {Set<string>} known words that the model was trained on
   * @param {(panel: Panel) => void} changed told when the reader has gone to another step
   */
  constructor(root, words, known, changed) {
    this.root = root;
    this.known = known;
    this.typed = words;
    this.prompt = find(words, "textarea", HTMLTextAreaElement);
    this.range = find(root, "[name=step]", HTMLInputElement);
    this.film = find(root, ".paint-film", HTMLElement);
    this.picture = this.#canvas("picture");
    this.#changed = changed;
    this.prompt.addEventListener("input", () => changed(this));
    sendOnEnter(this.prompt);
    this.prompt.addEventListener("change", () => whenFree(() => this.checkWords())); // half a word is always strange
    this.range.addEventListener("input", () => this.#go(Number(this.range.value) - 1));
    root.addEventListener("click", (event) => this.#onClick(event));
    this.checkWords();
  }

  /** The step on show, from 0. */
  get step() {
    return this.#shown;
  }

  get painted() {
    return this.#frames.length > 0;
  }

  /** The picture of the last step; null while a run goes on. */
  get final() {
    return this.#frames[this.#steps - 1]?.picture ?? null;
  }

  /** Whether the newest step is on show. */
  get atEnd() {
    return this.#shown === this.#frames.length - 1;
  }

  /** @param {Settings["plan"]} plan that a link asks for */
  take([{ prompt }, ...later]) {
    this.later = later;
    this.prompt.value = prompt;
    this.checkWords();
  }

  /** @param {Settings} run */
  begin(run) {
    this.run = run;
    this.#steps = run.steps;
    this.range.max = String(run.steps);
    this.#shown = -1;
    this.goOn(0);
    this.#drawNewest();
  }

  /** @param {number} from the first step that comes */
  goOn(from) {
    this.going = true;
    this.root.classList.remove("paint-pausing");
    this.cut(from);
  }

  /** @param {number} from the first step that is forgotten */
  cut(from) {
    this.#frames.length = Math.min(from, this.#frames.length);
    this.#follows = true;
    for (const name of ["judging", "reading"]) this.#out(name).replaceChildren();
    for (const item of [...this.film.children].slice(from)) item.remove();
  }

  /** @param {Settings["plan"]} plan */
  hearPlan(plan) {
    if (this.run) this.run.plan = plan;
    const texts = plan.map(({ at, prompt }) => `${at ? `from step ${at + 1} on ` : ""}“${prompt}”`);
    this.#out("plan").textContent = texts.join(", ");
  }

  /** @param {Step} step */
  hearStep({ i, reads, push, words }) {
    this.cut(i);
    this.#frames[i] = { reads, push, words, picture: null };
    this.film.append(document.createElement("li"));
    this.film.lastElementChild?.append(this.#thumb(i));
    if (this.#shown < 0) this.#show(i); // its maps, before any picture
  }

  /**
   * @param {number} i
   * @param {Uint8ClampedArray<ArrayBuffer>} picture
   */
  hearPicture(i, picture) {
    const frame = this.#frames[i];
    if (!frame) return;
    frame.picture = picture;
    const thumb = this.film.children[i]?.querySelector("canvas");
    const full = Object.assign(document.createElement("canvas"), this.#size);
    drawPicture(full, picture);
    thumb?.getContext("2d")?.drawImage(full, 0, 0, thumb.width, thumb.height);
    if (this.#follows && i > this.#shown) this.#show(i);
    else this.#drawNewest();
    this.#changed(this);
    return i + 1 === this.#steps && this.root.ariaLabel; // whose last picture that is
  }

  checkWords() {
    markStrange(this.typed, this.prompt, this.known);
  }

  /** Shows what can be done now. A run rests once the picture of its last step is there. */
  showActions() {
    const { going, painted } = this;
    const pause = going || (this.#follows && !this.atEnd);
    const rests = painted && !pause;
    const go = rests && this.#shown + 1 < this.#steps;
    offer(this.root, { pause, words: going, go, save: this.drawn >= 0, link: painted, read: rests && this.final });
    for (const out of all(this.root, "[data-out=typed]", HTMLElement)) out.textContent = this.prompt.value;
    this.#out("next").textContent = String(this.#shown + 2);
  }

  get #size() {
    return { width: this.picture.width, height: this.picture.height };
  }

  /** @param {Event} event */
  #onClick(event) {
    const { at, word } = around(/** @type {MouseEvent} */ (event), "button", HTMLButtonElement)?.dataset ?? {};
    if (at) this.#go(Number(at));
    if (word === undefined) return;
    this.#chosen = word;
    this.#drawReads();
  }

  /** @param {number} i where the reader goes by hand, and wants to stay */
  #go(i) {
    this.#show(Math.min(i, this.#frames.length - 1));
    this.#follows = this.atEnd;
    this.#changed(this);
  }

  /** @param {number} i */
  #show(i) {
    const frame = this.#frames[i];
    if (!frame) return;
    this.#shown = i;
    this.range.value = String(i + 1);
    this.range.style.setProperty("--along", String(this.#steps > 1 ? i / (this.#steps - 1) : 1));
    this.#drawNewest();
    for (const [at, item] of [...this.film.children].entries())
      item.firstElementChild?.setAttribute("aria-current", at === i ? "step" : "false");
    const item = /** @type {HTMLElement | undefined} */ (this.film.children[i]);
    if (item) this.film.scrollLeft = item.offsetLeft - (this.film.clientWidth - item.offsetWidth) / 2;
    drawMap(this.#canvas("push"), frame.push);
    this.#drawWords(frame.words);
    this.#drawReads();
  }

  /** The newest picture up to the step on show, and below it which that is. */
  #drawNewest() {
    const at = this.#frames.findLastIndex(({ picture }, i) => i <= this.#shown && picture);
    const picture = this.#frames[at]?.picture;
    if (picture) drawPicture(this.picture, picture);
    else drawMap(this.picture, null);
    this.root.dataset.state = !picture ? "waits" : at + 1 === this.#steps ? "done" : "guess";
    const later = at < this.#shown ? `; step ${this.#shown + 1} is still to be decoded` : "";
    this.#out("step").textContent = picture ? `${at + 1} of ${this.#steps}${later}` : "";
    this.drawn = at;
  }

  /** @param {Word[]} words */
  #drawWords(words) {
    const list = find(this.root, ".paint-words", HTMLElement);
    const texts = words.map(({ text }) => text).filter((text) => /[\p{L}\p{N}]/u.test(text));
    if (!texts.includes(this.#chosen)) this.#chosen = texts.find((text) => text.length > 2) ?? texts[0] ?? "";
    if (texts.join(" ") === list.dataset.texts) return;
    list.dataset.texts = texts.join(" ");
    list.replaceChildren(
      ...texts.map((text) => {
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
        button.className = "control";
        button.dataset.word = text;
        return button;
      }),
    );
  }

  #drawReads() {
    const { reads, words } = this.#frames[this.#shown] ?? { words: [] };
    for (const button of all(this.root, "[data-word]", HTMLButtonElement))
      button.setAttribute("aria-pressed", String(button.dataset.word === this.#chosen));
    const canvas = this.#canvas("word");
    const tokens = words.find(({ text }) => text === this.#chosen)?.tokens ?? [];
    drawMap(canvas, reads && tokens.length ? readOf(reads, tokens, canvas.width * canvas.height) : null);
    this.#out("word").textContent = this.#chosen ? `places that read “${this.#chosen}”` : "no word to read";
  }

  /** @param {number} i */
  #thumb(i) {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.dataset.at = String(i);
    button.setAttribute("aria-label", `Step ${i + 1}`);
    const { width, height } = this.#size;
    button.append(Object.assign(document.createElement("canvas"), { width: width / SMALL, height: height / SMALL }));
    return button;
  }

  /** @param {string} pane */
  #canvas(pane) {
    return find(this.root, `[data-pane=${pane}]`, HTMLCanvasElement);
  }

  /** @param {string} name */
  #out(name) {
    return find(this.root, `[data-out=${name}]`, HTMLElement);
  }
}
