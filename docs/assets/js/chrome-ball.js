// <chrome-ball>: chrome that the reader turns; what the touched place shows lights up in the surroundings. Where there is
// no WebGL 2 the stills stay, which say the same. Nothing is loaded before it comes near.

import { brightest, unpacked } from "./ball-files.js";
import { handOn } from "./ball-hand.js";
import { area, axesOf, ballLook, doorLook, inWorld, ring, toward, words } from "./ball-looks.js";
import { BallPicture } from "./ball-picture.js";
import { BallPixels } from "./ball-pixels.js";
import { placeIn, statesOf } from "./ball-place.js";
import { all, find, steady } from "./dom.js";
import { format, parse, value } from "./state.js";

const RING = 11 / 480; // of the picture's width: what counts as one touched place
const MOST = 30; // degrees of tilt
const HASH_MS = 250; // browsers limit how often an address may change
const WRITTEN = { lab: true }; // see lab.js

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
  #side = { turn: 0, tilt: 0 };
  #spot = { x: 0.5, y: 0.27 };
  #sun = toward(0, -90);
  #frame = 0;
  #hashTimer = 0;

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    handOn(
      this.#stage,
      {
        touch: (x, y) => this.#touchAt(x, y),
        nudge: (x, y) => this.#touchAt(this.#spot.x + x, this.#spot.y + y),
        turn: (aside, down) => this.#turnTo(this.#side.turn + aside, this.#side.tilt + down),
        rest: () => this.#keepHash(),
      },
      signal,
    );
    this.#slider.addEventListener("input", () => this.#turnTo(this.#slider.valueAsNumber), { signal });
    steady(this.#slider, signal);
    this.addEventListener("change", (event) => this.#onChoice(event), { signal });
    this.#around.addEventListener("load", () => this.#arrive(), { signal });
    this.#canvas.addEventListener("webglcontextlost", () => this.#flat(), { signal });
    addEventListener("hashchange", () => this.#readHash(), { signal });
    this.#readHash();
    this.#come = new IntersectionObserver(([entry]) => entry.isIntersecting && this.#begin(), {
      rootMargin: "100% 0px",
    });
    this.#come.observe(this);
  }

  disconnectedCallback() {
    this.#leave.abort();
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

  get #slider() {
    return find(this, ".ball-turn input", HTMLInputElement);
  }

  get #around() {
    return find(this, ".ball-around img", HTMLImageElement);
  }

  /** @param {string} name */
  #chosen(name) {
    return find(this, `[name=${this.id}-${name}]:checked`, HTMLInputElement);
  }

  get #isDoor() {
    return this.#chosen("shape").value === "door";
  }

  get #across() {
    return (this.dataset.across ?? "").split(" ").map(Number)[Number(this.#isDoor)];
  }

  get #eye() {
    return Number(this.dataset.eye);
  }

  // --- what is loaded

  #begin() {
    this.#come?.disconnect();
    this.#picture = BallPicture.on(this.#canvas);
    if (this.#picture) this.#load();
    else this.#flat();
  }

  #flat() {
    this.#picture = null;
    this.classList.add("ball-flat");
  }

  #load() {
    if (!this.#picture) return;
    this.#around.src = `${this.dataset.src}${this.#chosen("world").value}-around.webp`;
    if (!this.#isDoor || this.#normals) return;
    const image = new Image();
    image.addEventListener("load", () => this.#shape(image), { signal: this.#leave.signal });
    image.src = `${this.dataset.src}normals.webp`;
  }

  /** The surroundings are there. */
  #arrive() {
    this.#picture?.stand(this.#around, (this.dataset.tint ?? "").split(" ").map(Number));
    this.#pixels ??= new BallPixels(this.#canvas, () => this.#draw());
    this.#sun = toward(-Number(this.dataset.sun), brightest(this.#around, -Number(this.dataset.sun)));
    this.classList.add("ball-ready");
    this.#ask();
  }

  /** @param {HTMLImageElement} image */
  #shape(image) {
    this.#normals = unpacked(image);
    this.#picture?.shape(this.#normals);
    this.#ask();
  }

  // --- what the reader does

  /** @param {Event} event */
  #onChoice({ target }) {
    if (!(target instanceof HTMLInputElement) || target.type !== "radio") return;
    this.#load();
    this.#ask();
    this.#keepHash();
  }

  /**
   * Off the mirror nothing is touched, and what was touched before stays.
   * @param {number} x
   * @param {number} y
   */
  #touchAt(x, y) {
    if (!this.#look()(x, y)) return;
    this.#spot = { x, y };
    this.#keepHash();
    this.#ask();
  }

  #turnTo(turn = 0, tilt = this.#side.tilt) {
    this.#side = { turn: ((turn + 540) % 360) - 180, tilt: Math.min(Math.max(tilt, -MOST), MOST) };
    this.#keepHash();
    this.#ask();
  }

  // --- what is shown

  get #aspect() {
    const { width, height } = find(this, ".ball-stage svg", SVGSVGElement).viewBox.baseVal;
    return width / height;
  }

  #look() {
    if (!this.#isDoor) return ballLook(this.#eye, this.#across, this.#aspect);
    return this.#normals ? doorLook(this.#normals, this.#across, this.#aspect) : () => null;
  }

  #ask() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#show());
  }

  #show() {
    this.#slider.value = String(Math.round(this.#side.turn));
    if (!this.#picture || !this.classList.contains("ball-ready")) return;
    this.#pixels?.moves();
    this.#light();
  }

  /** All that the canvas shows: tells how many milliseconds that took. */
  async #draw() {
    this.#picture?.draw({ axes: axesOf(this.#side), across: this.#across, eye: this.#eye, door: this.#isDoor });
    return this.#picture?.took() ?? 0;
  }

  /** Lights up what the touched place shows, and says what that is. */
  #light() {
    const look = this.#look();
    const middle = look(this.#spot.x, this.#spot.y);
    const lit = middle ? area(ring(look, this.#spot, RING, this.#aspect).map((way) => inWorld(way, this.#side))) : "";
    find(this, ".ball-dim", SVGPathElement).setAttribute("d", lit && `M0 0H360V180H0Z${lit}`);
    find(this, ".ball-patch", SVGPathElement).setAttribute("d", lit);
    const ahead = (((this.#side.turn + 180) % 360) + 360) % 360;
    find(this, ".ball-ahead", SVGPathElement).setAttribute("transform", `translate(${ahead} 0)`);
    const mark = find(this, ".ball-ring", SVGCircleElement);
    const { width, height } = /** @type {SVGSVGElement} */ (mark.ownerSVGElement).viewBox.baseVal;
    mark.setAttribute("cx", String(this.#spot.x * width));
    mark.setAttribute("cy", String(this.#spot.y * height));
    mark.classList.toggle("ball-off", !middle);
    const between = this.#chosen("world").dataset.between ?? "";
    const told = middle
      ? `The touched place shows ${words(inWorld(middle, this.#side), this.#side, { between, sun: this.#sun })}.`
      : "Touch the chrome to see what a place of it shows.";
    const said = find(this, ".ball-said", HTMLElement);
    if (said.textContent !== told) said.textContent = told; // a reader aloud hears what changes
  }

  // --- the place in the address: see ball-place.js

  #keepHash() {
    clearTimeout(this.#hashTimer);
    this.#hashTimer = window.setTimeout(() => history.replaceState(WRITTEN, "", this.#hash()), HASH_MS);
  }

  #hash() {
    const chosen = ["world", "shape"].map((kind) => `${kind}-${this.#chosen(kind).value}`);
    return format(this.id, [...chosen, ...statesOf(this.#side, this.#spot)]);
  }

  #readHash() {
    const states = parse(location.hash, this.id);
    if (!states) return;
    for (const box of all(this, "[type=radio]", HTMLInputElement)) {
      const kind = box.name.slice(this.id.length + 1);
      if (box.value === value(states, kind)) box.checked = true;
    }
    ({ side: this.#side, spot: this.#spot } = placeIn(states, this.#side, this.#spot));
    this.#load();
    this.#ask();
    if (!history.state?.lab) this.scrollIntoView();
  }
}

customElements.define("chrome-ball", ChromeBall);
