// <your-picture>: a reader's own picture, looked at step by step, and what its file kept. All in this page: nothing is sent.

import { keep, Rest } from "./address.js";
import { all, around, find, steady } from "./dom.js";
import { download } from "./live/take-along.js";
import { answer, answersIn, unanswer } from "./picture/answers.js";
import { onBrought } from "./picture/brought.js";
import { Marks } from "./picture/marks.js";
import { NotOpened, opened } from "./picture/opened.js";
import { allowSteps, enterStep, openStep, sayIdle, seeAnswer, seeBench, showTurn, stepIn } from "./picture/steps.js";
import { handsOn, leadTo } from "./share-link.js";
import { format, parse, value } from "./state.js";

const MARK = /-(\d+-\d+|[a-z]+)$/; // a mark or an answer in an address
const OTHERS = "The marks in the address were made on another picture; they were left out.";
const WAITS = "This page keeps no picture: bring the same one again, and its marks come back.";
const GONE = "This page keeps no picture: bring yours again.";

class YourPicture extends HTMLElement {
  #leave = new AbortController();
  #bench = /** @type {typeof import("./picture/bench.js") | null} */ (null); // comes with the first picture
  #sight = /** @type {import("./picture/sight.js").Sight | null} */ (null); // none until a picture is there
  #marks = /** @type {Marks | null} */ (null);
  #step = "colours";
  #address = new Rest(() => keep(this.#hash()));
  #turn = 0; // of pictures: one that comes late is dropped
  #of = ""; // the name of the picture on show
  #linked = /** @type {{ of: string, states: string[], marked: boolean } | null} */ (null); // what a link marks, on which picture

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    const moved = (/** @type {boolean} */ settled) => {
      unanswer(this, this.#step); // what was answered of other places
      this.#moved(settled);
    };
    this.#marks ??= new Marks(this.#stage, moved, () => sayIdle(this)); // once: it listens to its own, and marks stay
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.addEventListener("change", (event) => this.#onChange(event), { signal });
    onBrought(this, (file) => this.#open(file).then(() => this.#seePicture()), signal);
    this.addEventListener("input", () => this.#look(), { signal });
    for (const range of all(this, ".slider", HTMLInputElement)) steady(range, signal);
    addEventListener("hashchange", () => this.#readHash(), { signal });
    handsOn(this, signal);
    this.#readHash();
    this.#show(this.#step);
    this.classList.add("own-ready");
  }

  disconnectedCallback() {
    this.#leave.abort();
    this.#address.leave();
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
    const picture = await opened(file).catch(refused);
    if (turn !== this.#turn) return;
    if (typeof picture === "string") return this.#say(picture);
    const { bench, told, bitmap, name, says } = picture;
    this.#bench = bench;
    this.#say(says);
    if (bitmap || !this.#of) bench.tell(this, told, ours.told);
    if (!bitmap && told.tool) allowSteps(this, "settings");
    if (!bitmap) return;
    this.#sight ??= new bench.Sight(find(this, ".own-stage canvas", HTMLCanvasElement));
    const begins = ours.marks?.split(" ") ?? [];
    if (this.#isNew(ours.of ?? name)) this.#show(told.tool && !begins.length ? "settings" : "colours");
    this.#draw(this.#sight, bitmap, ours.of ?? name, begins);
  }

  /**
   * Whether the steps begin anew with a picture: not with the one on show, nor where the address names a step for it.
   * @param {string} name
   */
  #isNew(name) {
    if (this.#linked) return this.#linked.of !== name;
    return this.#of ? this.#of !== name : !parse(location.hash, this.id);
  }

  /** What was brought is looked at next, unless something is said of it. */
  #seePicture() {
    if (this.#of && !find(this, "[data-out=says]", HTMLElement).textContent) seeBench(this);
  }

  /**
   * Another picture has no marks yet; the very same one keeps them.
   * @param {import("./picture/sight.js").Sight} sight
   * @param {ImageBitmap} bitmap
   * @param {string} name
   * @param {string[]} begins
   */
  #draw(sight, bitmap, name, begins) {
    const shrunk = sight.draw(bitmap);
    find(this, "[data-out=shrunk]", HTMLElement).hidden = !shrunk;
    this.#stage.style.setProperty("--ratio", String(sight.ratio));
    this.classList.add("own-there");
    allowSteps(this);
    const another = name !== this.#of;
    if (another) this.#forget();
    this.#of = name;
    this.#marks?.begin(begins, another || !this.#marks.told.length); // a link's own come over them
    this.#takeLinked();
    this.#look(true);
    this.#moved(true);
  }

  #forget() {
    this.#marks?.reset();
    answer(this, []);
  }

  /** What a link marks, if this is its picture. */
  #takeLinked() {
    if (!this.#linked) return;
    const { of, states, marked } = this.#linked;
    this.#linked = null;
    if (of !== this.#of && marked) this.#say(OTHERS);
    if (of !== this.#of) return;
    this.#marks?.take(states);
    answer(this, states);
    showTurn(this, this.#step, this.#marks);
  }

  /** @param {HTMLButtonElement} button */
  async #openOurs(button) {
    const turn = ++this.#turn;
    this.#say("Reading…");
    const came = fetch(button.dataset.src ?? "").then((reply) => (reply.ok ? reply.blob() : null));
    const file = await came.catch(() => null);
    if (turn !== this.#turn) return;
    if (!file) return this.#say("Our picture did not come. Is there a connection? Press again to try.");
    await this.#open(file, button.dataset);
  }

  // --- what the reader does

  /** @param {MouseEvent} event */
  #onClick(event) {
    const button = around(event, "button", HTMLButtonElement);
    const { action, go, onward, pick } = button?.dataset ?? {};
    const step = go ?? onward;
    if (step) this.#show(step);
    if (step) this.#address.begins();
    if (onward) enterStep(this, onward);
    if (go && event.detail) seeAnswer(this); // by a key the focus would go out of sight
    if (button && action === "ours") this.#openOurs(button).then(() => this.#seePicture());
    if (action === "brightest" && this.#sight) this.#marks?.put("spot", this.#sight.brightest(this.#marks.outline));
    if (action === "brightest") this.#marks?.goOn("spot");
    if (action === "reset") this.#forget();
    if (action === "reset") this.#moved(true);
    if (action === "save") this.#save();
    if (pick) this.#marks?.choose(pick);
    if (pick && !event.detail) find(this, `[data-mark=${pick}]`, HTMLElement).focus(); // by a key: arrow keys move it
    showTurn(this, this.#step, this.#marks);
  }

  /** @param {Event} event */
  #onChange({ target }) {
    if (target instanceof HTMLInputElement && target.type !== "file") this.#moved(true);
  }

  /** @param {boolean} settled */
  #moved(settled) {
    this.#look();
    sayIdle(this, "");
    showTurn(this, this.#step, this.#marks);
    if (settled) this.#address.begins();
  }

  // --- what is shown

  /** @param {string} step */
  #show(step) {
    this.#step = step;
    leadTo(this, format(this.id, [step]));
    openStep(this, step);
    this.#marks?.show(step);
    sayIdle(this, "");
    showTurn(this, this.#step, this.#marks);
    requestAnimationFrame(() => setTimeout(() => this.#look())); // behind the frame that shows the step
  }

  /** @param {boolean} [whole] every step, not the open one alone */
  #look(whole = this.#step === "card") {
    if (this.#sight && this.#marks) this.#bench?.show(this, this.#sight, this.#marks, this.#step, whole);
  }

  /** @param {string} says */
  #say(says) {
    find(this, "[data-out=says]", HTMLElement).textContent = says;
  }

  // --- what can be taken along

  async #save() {
    const { bench, sight, marks } = { bench: this.#bench, sight: this.#sight, marks: this.#marks };
    if (!bench || !sight || !marks) return this.#say("First choose a picture.");
    const drawn = bench.taken(this, sight, marks);
    if (!drawn) return this.#say("Nothing has been marked yet; go through the steps first.");
    /** @type {Blob | null} */
    const blob = await new Promise((done) => drawn.toBlob(done, "image/png"));
    if (blob) download(blob, "my-picture-checked.png");
  }

  #hash() {
    const answers = Object.entries(answersIn(this)).map(([name, answer]) => `${name}-${answer}`);
    const of = this.#of ? [`of-${this.#of}`, ...(this.#marks?.told ?? []), ...answers] : [];
    return format(this.id, [this.#step, ...of]);
  }

  #readHash() {
    const states = parse(location.hash, this.id);
    if (!states) return this.#address.leave(); // led elsewhere: the address stays
    this.#show(stepIn(this, states) ?? this.#step);
    const marked = states.some((state) => MARK.test(state) && !state.startsWith("of-"));
    const of = value(states, "of") ?? "";
    if (!of && !marked) return;
    this.#linked = { of, states, marked };
    const ours = all(this, "[data-action=ours]", HTMLButtonElement).find(({ dataset }) => dataset.of === of);
    if (this.#of && (this.#of === of || !ours)) this.#takeLinked();
    else if (ours) this.#openOurs(ours);
    else this.#say(marked ? WAITS : GONE);
  }
}

/** @param {unknown} why */
function refused(why) {
  if (why instanceof NotOpened) return why.message;
  throw why;
}

customElements.define("your-picture", YourPicture);
