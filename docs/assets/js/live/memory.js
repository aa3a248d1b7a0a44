// The memory of the kernels: weights are put down once, numbers between layers come and go. Addresses are in bytes.

import { bytes } from "./files.js";

/**
 * @typedef {number} Address
 * @typedef {Record<string, (...numbers: number[]) => void>} Kernels
 * @typedef {{ at: Address, bytes: number }} Hole where nothing lies
 */

const LINE = 64; // bytes that a processor moves at once
const PAGE = 65536;
const WINDOW = [-1, 0, 1];

/** @param {number} bytes */
const rounded = (bytes) => (bytes + LINE - 1) & -LINE;

/** @param {number} n channels or rows, as products write them */
export const padded = (n) => (n + 7) & ~7;

export class Memory {
  #memory;
  /** @type {Hole[]} by address; no two of them touch, and the last has no end */
  #holes;
  /** @type {Map<Address, number>} */
  #sizes = new Map();
  /** @type {Map<string, Address>} */
  #windows = new Map();

  /** @param {WebAssembly.Exports} exports those of kernels.wasm */
  constructor(exports) {
    this.kernels = /** @type {Kernels} */ (/** @type {unknown} */ (exports));
    this.#memory = /** @type {WebAssembly.Memory} */ (exports.memory);
    const first = rounded(/** @type {WebAssembly.Global} */ (exports.__heap_base).value);
    this.#holes = [{ at: first, bytes: Infinity }];
  }

  get bytes() {
    return this.#memory.buffer.byteLength;
  }

  /**
   * Room that stays. Raises RangeError where the machine has no more.
   * @param {number} count of values
   * @returns {Address}
   */
  put(count) {
    return this.#cut(/** @type {Hole} */ (this.#holes.at(-1)), rounded(4 * count));
  }

  /**
   * Room for a while, in the smallest hole that has as much.
   * @param {number} count of values
   * @returns {Address}
   */
  take(count) {
    const bytes = rounded(4 * count);
    const fit = this.#holes.filter((hole) => hole.bytes >= bytes);
    const smallest = fit.reduce((least, hole) => (hole.bytes < least.bytes ? hole : least));
    const at = this.#cut(smallest, bytes);
    this.#sizes.set(at, bytes);
    return at;
  }

  /** @param {Address[]} ats taken before */
  give(...ats) {
    const given = ats.map((at) => ({ at, bytes: this.#sizes.get(at) ?? 0 }));
    const all = [...this.#holes, ...given].sort((one, other) => one.at - other.at);
    this.#holes = all.filter((hole, i) => {
      const next = all[i + 1];
      if (hole.at + hole.bytes !== next?.at) return true;
      next.at = hole.at; // the two become one
      next.bytes += hole.bytes;
      return false;
    });
  }

  /**
   * @param {Hole} hole
   * @param {number} bytes
   */
  #cut(hole, bytes) {
    const { at } = hole;
    const lacking = at + bytes - this.bytes;
    if (lacking > 0) this.#memory.grow(Math.ceil(lacking / PAGE));
    hole.at += bytes;
    hole.bytes -= bytes;
    return at;
  }

  /**
   * Values in place, until the memory next grows.
   * @param {Address} at
   * @param {number} count
   */
  floats(at, count) {
    return new Float32Array(this.#memory.buffer, at, count);
  }

  /**
   * @param {Address} at
   * @param {number} count
   */
  bytesAt(at, count) {
    return new Uint8Array(this.#memory.buffer, at, count);
  }

  /**
   * Which places a window of 3 x 3 covers, place by place, -1 outside; at `stride` 2 of every other place.
   * @param {number} height
   * @param {number} width
   * @param {number} stride
   * @returns {Address}
   */
  windows(height, width, stride) {
    const name = `${height} ${width} ${stride}`;
    const there = this.#windows.get(name);
    if (there !== undefined) return there;
    const places = [];
    for (let y = 0; y < height; y += stride)
      for (let x = 0; x < width; x += stride)
        for (const dy of WINDOW) for (const dx of WINDOW) places.push(place(y + dy, x + dx, height, width));
    const at = this.put(places.length);
    new Int32Array(this.#memory.buffer, at, places.length).set(places);
    this.#windows.set(name, at);
    return at;
  }
}

/**
 * @param {number} y
 * @param {number} x
 * @param {number} height
 * @param {number} width
 */
function place(y, x, height, width) {
  return y < 0 || y >= height || x < 0 || x >= width ? -1 : y * width + x;
}

/** The kernels, with memory of their own. */
export async function kernels() {
  const file = await bytes(new URL("./kernels.wasm", import.meta.url));
  const { instance } = await WebAssembly.instantiate(file);
  return new Memory(instance.exports);
}
