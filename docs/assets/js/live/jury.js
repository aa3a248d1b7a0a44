// A set of judges: four networks that read a picture, from a file that says what it has learned and how well.

import { Bodywork } from "./bodywork.js";
import { tensors } from "./files.js";
import { around, enlarged, inside, MEASURES, mapped, measures, pooled, rounded } from "./looks.js";
import { NotOurs } from "./refused.js";
import { Weights } from "./weights.js";

/**
 * @typedef {import("./looks.js").Plane} Plane
 * @typedef {"finish" | "colour" | "world" | "view"} Kind
 * @typedef {{ name: string, of: string, unit: string, value: number, n: number }} Accuracy on held-out renders
 * @typedef {{ mask: number[], hidden: number, features: number, body_margin: number, background_margin: number,
 *   shrink?: number }} Recipe
 * @typedef {{ recipe: Recipe, classes: Record<Kind, string[]>, size: [number, number], accuracies: Accuracy[] }} State
 * @typedef {Record<string, number[]>} Answers how likely each class is, by kind
 * @typedef {{ mask: Uint8Array<ArrayBuffer>, whole: Answers, body: Answers, background: Answers }} Readings
 * @typedef {"whole" | "body" | "background"} Part
 * @typedef {{ shift: Float32Array, scale: Float32Array, into: Linear, out: Linear }} Branch
 * @typedef {{ weight: Float32Array, bias: Float32Array }} Linear
 */

/** @type {Kind[]} */
export const KINDS = ["finish", "colour", "world", "view"];
const SURFACE = ["finish", "colour"];
const SMALL = 8; // the side's divisor of a reader's small copy of a picture
const COARSEST = 16; // places of a picture that one value of a measure stands for
const SURELY = 128; // of 255

export class Jury {
  /**
   * Raises NotOurs for a file with other layers than these.
   * @param {import("./memory.js").Memory} memory
   * @param {Uint8Array<ArrayBuffer>} file
   * @param {string} name
   */
  constructor(memory, file, name) {
    const { entries, about } = tensors(file, name);
    /** @type {State} */
    this.state = JSON.parse(about.state ?? "{}");
    refuse(this.state, entries, name);
    this.shrink = this.state.recipe.shrink ?? 1;
    this.weights = new Weights(memory, file, name);
    this.bodywork = new Bodywork(memory, this.weights, this.state.recipe.mask);
    this.readers = { whole: this.#reader("whole"), body: this.#reader("body"), background: this.#reader("background") };
  }

  /**
   * @param {Uint8ClampedArray} rgba of the judges' size
   * @returns {Readings}
   */
  read(rgba) {
    const [height, width] = this.state.size;
    const { body_margin, background_margin } = this.state.recipe;
    const picture = [0, 1, 2].map((c) => {
      const values = new Float32Array(height * width).map((_, i) => rgba[4 * i + c]);
      return mapped(this.#shrunk({ values, height, width }), (value) => value / 127.5 - 1);
    });
    const cover = this.bodywork.run(picture);
    const mask = levels(enlarged(cover, { height, width }));
    const small = sure(this.#shrunk(mask));
    const parts = { body: inside(small, body_margin), background: around(small, background_margin) };
    return {
      mask: new Uint8Array(mask.values),
      whole: this.#answers("whole", picture, inside(sure(levels(cover)), body_margin)),
      body: this.#answers("body", only(picture, parts.body), parts.body),
      background: this.#answers("background", only(picture, parts.background), parts.background),
    };
  }

  /** @param {Plane} plane */
  #shrunk(plane) {
    return mapped(pooled(plane, this.shrink), rounded);
  }

  /** @param {Part} part */
  #reader(part) {
    const kinds = part === "whole" ? KINDS : /** @type {Kind[]} */ (["world"]);
    const heads = kinds.map((kind) => [kind, this.#linear(`${part}.${place(kind)}.${kind}`)]);
    return { branches: [0, 1].map((i) => this.#branch(part, i)), heads: Object.fromEntries(heads) };
  }

  /**
   * @param {Part} part
   * @param {number} i
   * @returns {Branch}
   */
  #branch(part, i) {
    const [into, out] = [1, 4].map((layer) => this.#linear(`${part}.branches.${i}.${layer}`));
    const [shift, scale] = ["shift", "scale"].map((name) => this.weights.values(`${part}.${name}.${i}`));
    return { shift, scale, into, out };
  }

  /**
   * @param {string} name
   * @returns {Linear}
   */
  #linear(name) {
    return { weight: this.weights.values(`${name}.weight`), bias: this.weights.values(`${name}.bias`) };
  }

  /**
   * @param {Part} part
   * @param {Plane[]} picture
   * @param {Plane} area
   * @returns {Answers}
   */
  #answers(part, picture, area) {
    const { branches, heads } = this.readers[part];
    const small = [...picture, area].flatMap((plane) => [...pooled(plane, SMALL).values]);
    const [surface, rest] = [measures(picture, area), small].map((looked, i) => through(branches[i], looked));
    const all = [...surface, ...rest];
    return Object.fromEntries(
      Object.entries(heads).map(([kind, head]) => [kind, shares(linear(head, SURFACE.includes(kind) ? surface : all))]),
    );
  }
}

// --- what they are made of

/** @param {string} kind which of two lists of heads its own is in */
const place = (kind) => (SURFACE.includes(kind) ? "surface" : "heads");

/**
 * Raises NotOurs for the first tensor that is not as the state has it.
 * @param {State} state
 * @param {Record<string, { shape: number[] }>} entries
 * @param {string} file
 */
function refuse(state, entries, file) {
  const { recipe, classes, size } = state;
  if (!recipe || !classes || !size) throw new NotOurs(`${file} does not say which judges it holds`);
  const step = Math.max(COARSEST, 2 ** recipe.mask.length) * (recipe.shrink ?? 1);
  if (size.some((side) => side % step)) throw new NotOurs(`${file}: a picture's sides must be multiples of ${step}`);
  if (recipe.mask.some((width) => width % 8)) throw new NotOurs(`${file}: channels must be multiples of 8`);
  const wanted = shapes(state);
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(entries)])) {
    const [is, should] = [entries[name]?.shape, wanted[name]].map((shape) => shape?.join(" x ") ?? "not there");
    if (is !== should) throw new NotOurs(`${file}: ${name} is ${is}, and is ${should} in judges that can read here`);
  }
}

/**
 * @param {State} state
 * @returns {Record<string, number[]>}
 */
function shapes({ recipe, classes, size }) {
  const { mask, hidden, features, shrink = 1 } = recipe;
  const small = 4 * size.reduce((product, side) => (product * side) / shrink / SMALL, 1);
  /** @type {Record<string, number[]>} */
  const all = { "mask.pixels.weight": [4, mask[0], 1, 1], "mask.pixels.bias": [4] };
  /** @param {string} name @param {number} K @param {number} N */
  const bent = (name, K, N) =>
    Object.assign(all, { [`${name}.0.weight`]: [N, K, 3, 3], [`${name}.1.weight`]: [N], [`${name}.1.bias`]: [N] });
  /** @param {string} name @param {number} K @param {number} N */
  const line = (name, K, N) => Object.assign(all, { [`${name}.weight`]: [N, K], [`${name}.bias`]: [N] });
  bent("mask.first", 20, mask[0]);
  mask.slice(1).forEach((width, i) => {
    bent(`mask.downs.${i}.0`, mask[i], width);
    bent(`mask.downs.${i}.1`, width, width);
    const high = mask[mask.length - 2 - i];
    bent(`mask.ups.${i}`, mask[mask.length - 1 - i] + high, high);
  });
  for (const part of ["whole", "body", "background"]) {
    [MEASURES, small].forEach((count, i) => {
      for (const name of ["shift", "scale"]) all[`${part}.${name}.${i}`] = [1, count];
      line(`${part}.branches.${i}.1`, count, hidden);
      line(`${part}.branches.${i}.4`, hidden, features / 2);
    });
    for (const kind of part === "whole" ? KINDS : /** @type {Kind[]} */ (["world"]))
      line(`${part}.${place(kind)}.${kind}`, SURFACE.includes(kind) ? features / 2 : features, classes[kind].length);
    line(`${part}.heads.sun`, features, 2);
    line(`${part}.heads.horizon`, features, 1);
  }
  return all;
}

// --- arithmetic

/** @param {Plane} cover */
const levels = (cover) => mapped(cover, (value) => rounded(Math.fround(value * 255)));

/** @param {Plane} mask */
const sure = (mask) => mapped(mask, (value) => Number(value >= SURELY));

/**
 * Grey for what may not be seen.
 * @param {Plane[]} picture
 * @param {Plane} seen
 */
const only = (picture, seen) => picture.map((plane) => mapped(plane, (value, i) => value * seen.values[i]));

/** @param {number} value */
const silu = (value) => value / (1 + Math.exp(-value));

/**
 * @param {Linear} linear
 * @param {number[]} x
 */
function linear({ weight, bias }, x) {
  const out = Array.from(bias);
  for (let i = 0; i < weight.length; i++) out[Math.floor(i / x.length)] += weight[i] * x[i % x.length];
  return out;
}

/**
 * @param {Branch} branch
 * @param {number[]} looked
 */
function through({ shift, scale, into, out }, looked) {
  const level = looked.map((value, i) => (value - shift[i]) / scale[i]);
  return linear(out, linear(into, level).map(silu)).map(silu);
}

/** @param {number[]} odds their logarithms */
function shares(odds) {
  const most = Math.max(...odds);
  const sizes = odds.map((value) => Math.exp(value - most));
  const sum = sizes.reduce((total, size) => total + size, 0);
  return sizes.map((size) => size / sum);
}
