// <chrome-ball>: chrome that the reader turns; what the touched place shows lights up in the surroundings. Where there is
// no WebGL 2 the stills stay, which say the same. Nothing is loaded before it comes near.

import { cameBack, keep, Rest } from "./address.js";
import { fetched, onLost, onNear } from "./ball-coming.js";
import { brightest, unpacked } from "./ball-files.js";
import { handOn, pressOn } from "./ball-hand.js";
import { light, tellNowhere } from "./ball-lit.js";
import { axesOf, ballLook, doorLook, toward } from "./ball-looks.js";
import { placeOf } from "./ball-outline.js";
import { BallPicture } from "./ball-picture.js";
import { BallPixels } from "./ball-pixels.js";
import { placeIn, sideOf, statesOf } from "./ball-place.js";
import { BallSliders } from "./ball-sliders.js";
import { late } from "./come.js";
import { all, find } from "./dom.js";
import { handsOn, leadTo } from "./share-link.js";
import { format, parse, value } from "./state.js";

class ChromeBall extends HTMLElement {
  #leave = new AbortController();
  /** @type {IntersectionObserver | undefined} */
  #come;
  /** @type {BallPicture | null} */
  #picture = null;
  /** @type {BallPixels | null} */
  #pixels = null;
  /** @type {ReturnType<typeof unpacked> | null} */
  #normals = null;
  /** @type {BallSliders | null} */
  #sliders = null;
  #side = { turn: 0, tilt: 0 };
  #spot = { x: 0.42, y: 0.27 }; // what it shows lies in one piece
  #sun = toward(0, -90);
  #frame = 0;
  #shown = { world: "", shape: "" }; // what is there
  #address = new Rest(() => keep(this.#hash()));

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    const rest = () => this.#address.begins();
    const touch = this.#touchAt.bind(this);
    /** @type {import("./ball-hand.js").Hand} */
    const hand = {
      touch,
      nudge: (x, y) => touch(this.#spot.x + x, this.#spot.y + y),
      turn: (aside, down) => this.#turnTo(this.#side.turn + aside, this.#side.tilt + down),
      rest,
    };
    handOn(this.#stage, hand, signal);
    const seek = (/** @type {import("./ball-looks.js").Direction} */ way) => {
      const [x, y] = placeOf(this.#look(), this.#side, way);
      if (!this.#look()(x, y)) return tellNowhere(this);
      touch(x, y);
      rest();
    };
    pressOn(find(this, ".ball-around", HTMLElement), seek, signal);
    this.#sliders = new BallSliders(this, { turn: this.#turnTo.bind(this), touch, rest }, signal);
    handsOn(this, signal);
    this.addEventListener("change", (event) => this.#onChoice(event), { signal });
    onLost(this.#canvas, this.#lose.bind(this), this.#begin.bind(this), signal);
    addEventListener("hashchange", () => this.#readHash(), { signal });
    addEventListener("online", () => this.#load(), { signal });
    this.#readHash();
    this.#come = onNear(this, () => this.#begin());
  }

  disconnectedCallback() {
    this.#leave.abort();
    this.#address.leave();
    this.#come?.disconnect();
    this.#pixels?.stop();
    this.#pixels = null;
    cancelAnimationFrame(this.#frame);
  }

  get #stage() {
    return find(this, ".ball-stage", HTMLElement);
  }

  get #canvas() {
    return find(this, "canvas", HTMLCanvasElement);
  }

  /** @param {string} name */
  #chosen(name) {
    return find(this, `[name=${this.id}-${name}]:checked`, HTMLInputElement);
  }

  get #isDoor() {
    return this.#shown.shape === "door";
  }

  get #across() {
    return (this.dataset.across ?? "").split(" ").map(Number)[Number(this.#isDoor)];
  }

  // --- what is loaded

  #begin() {
    this.#come?.disconnect();
    this.#picture ??= BallPicture.on(this.#canvas);
    this.classList.toggle("ball-flat", !this.#picture);
    if (!this.#picture) return;
    if (this.classList.contains("ball-ready")) this.#watch(); // it has been here before, and what it showed is there
    this.#load();
  }

  #watch() {
    this.#pixels ??= new BallPixels(this.#canvas, () => this.#draw());
  }

  /** The stills stay until all is there anew. */
  #lose() {
    this.#picture = null;
    this.classList.add("ball-flat");
    this.#shown = { world: "", shape: "" };
    this.#normals = null;
  }

  /** Fetches what is chosen; until it is there, and where it does not come, what is on show stays. */
  async #load() {
    const [world, shape] = [this.#chosen("world").value, this.#chosen("shape").value];
    const { world: before, shape: shaped } = this.#shown;
    if (!this.#picture || (world === before && shape === shaped)) return;
    const files = [world === before ? "" : `${world}-around`, shape === "door" && !this.#normals ? "normals" : ""];
    const left = () => this.#chosen("world").value !== world || this.#chosen("shape").value !== shape;
    const name = find(this, `label:has([value=${world}])`, HTMLElement).textContent;
    try {
      await fetched(this.dataset.src ?? "", files, name, (around, normals) => {
        if (left()) return;
        this.#shown = { world, shape };
        if (around) this.#arrive(around);
        if (normals) this.#shape(unpacked(normals));
        late(this, "");
      });
    } catch (missing) {
      if (left()) return;
      late(this, /** @type {Error} */ (missing).message, before ? undefined : () => this.#load());
      if (before) this.#choose(Object.values(this.#shown));
    }
    this.#ask();
  }

  /** @param {string[]} values */
  #choose(values) {
    for (const box of all(this, "[type=radio]", HTMLInputElement)) if (values.includes(box.value)) box.checked = true;
  }

  /**
   * The surroundings are there.
   * @param {Awaited<ReturnType<typeof import("./ball-files.js").unrolled>>} around
   */
  #arrive({ src, bits }) {
    find(this, ".ball-around img", HTMLImageElement).src = src;
    this.#picture?.stand(bits, (this.dataset.tint ?? "").split(" ").map(Number));
    this.#watch();
    this.#sun = toward(-Number(this.dataset.sun), brightest(bits, -Number(this.dataset.sun)));
    this.classList.add("ball-ready");
  }

  /** @param {ReturnType<typeof unpacked>} normals */
  #shape(normals) {
    this.#normals = normals;
    this.#picture?.shape(normals);
  }

  // --- what the reader does

  /** @param {Event} event */
  async #onChoice({ target }) {
    if (!(target instanceof HTMLInputElement) || target.type !== "radio") return;
    await this.#load();
    this.#address.begins();
  }

  /**
   * Off the mirror nothing is touched, and what was touched before stays.
   * @param {number} x
   * @param {number} y
   */
  #touchAt(x, y) {
    if (!this.#look()(x, y)) return;
    this.#spot = { x, y };
    this.#ask();
  }

  /**
   * @param {number} turn
   * @param {number} tilt
   */
  #turnTo(turn, tilt) {
    this.#side = sideOf(turn, tilt);
    this.#ask();
  }

  // --- what is shown

  get #aspect() {
    const { width, height } = find(this, ".ball-stage svg", SVGSVGElement).viewBox.baseVal;
    return width / height;
  }

  #look() {
    if (!this.#isDoor) return ballLook(Number(this.dataset.eye), this.#across, this.#aspect);
    return this.#normals ? doorLook(this.#normals, this.#across, this.#aspect) : () => null;
  }

  #ask() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#show());
  }

  #show() {
    this.#sliders?.turned(this.#side);
    leadTo(this, this.#hash());
    if (!this.#picture || !this.classList.contains("ball-ready")) return;
    this.#pixels?.moves();
    this.#sliders?.touched(this.#spot, this.#look(), this.#shown.shape);
    const touched = { look: this.#look(), spot: this.#spot, side: this.#side, aspect: this.#aspect };
    light(this, touched, { between: this.#chosen("world").dataset.between ?? "", sun: this.#sun });
  }

  /** All that the canvas shows: tells how many milliseconds that took. */
  async #draw() {
    const eye = Number(this.dataset.eye);
    this.#picture?.draw({ axes: axesOf(this.#side), across: this.#across, eye, door: this.#isDoor });
    return this.#picture?.took() ?? 0;
  }

  // --- the place in the address: see ball-place.js

  #hash() {
    const chosen = ["world", "shape"].map((kind) => `${kind}-${this.#chosen(kind).value}`);
    return format(this.id, [...chosen, ...statesOf(this.#side, this.#spot)]);
  }

  #readHash() {
    const states = parse(location.hash, this.id);
    if (!states) return this.#address.leave(); // led elsewhere: the address stays
    this.#choose(["world", "shape"].map((kind) => value(states, kind) ?? ""));
    ({ side: this.#side, spot: this.#spot } = placeIn(states, this.#side, this.#spot));
    this.#load();
    this.#ask();
    if (!cameBack()) this.scrollIntoView();
  }
}

customElements.define("chrome-ball", ChromeBall);
