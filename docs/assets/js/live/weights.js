// Tensors of one part of a pipeline, put down as the kernels want them.

import { NotLoaded, tensors } from "./files.js";
import { padded } from "./memory.js";

/**
 * @typedef {import("./memory.js").Memory} Memory
 * @typedef {import("./memory.js").Address} Address
 * @typedef {{ at: Address, bias: Address, N: number, K: number, taps: number, tiled: boolean }} Layer N outputs of K
 *   inputs at so many places of a window; `tiled` where its weights are Winograd's
 * @typedef {{ gain: Address, shift: Address, C: number }} Norm
 */

const POINTS = 36; // numbers that Winograd's way makes of 3 x 3
const TYPES = ["F16", "F32"];

/** @param {number[]} shape */
const count = (shape) => shape.reduce((product, side) => product * side, 1);

export class Weights {
  #memory;
  #entries;
  #body;
  #largest;

  /**
   * @param {Memory} memory
   * @param {Uint8Array<ArrayBuffer>} file safetensors in single or half precision
   * @param {string} name
   */
  constructor(memory, file, name) {
    const { entries, body } = tensors(file, name);
    this.#memory = memory;
    this.#entries = entries;
    this.#body = body;
    this.#largest = Math.max(...Object.values(entries).map(({ shape }) => count(shape)));
  }

  /** @param {string} name */
  has(name) {
    return name in this.#entries;
  }

  /** @param {string} name */
  shape(name) {
    const entry = this.#entries[name];
    if (!entry) throw new NotLoaded(`there is no ${name} among the weights`);
    return entry.shape;
  }

  /**
   * A tensor's values, away from the kernels' memory.
   * @param {string} name
   */
  values(name) {
    const from = this.#plain(name);
    const values = this.#memory.floats(from, count(this.shape(name))).slice();
    this.#memory.give(from);
    return values;
  }

  /**
   * @param {string} name
   * @returns {Address}
   */
  vector(name) {
    const values = this.values(name);
    const at = this.#memory.put(padded(values.length));
    this.#memory.floats(at, padded(values.length)).fill(0).set(values);
    return at;
  }

  /**
   * @param {string} name
   * @returns {Norm}
   */
  norm(name) {
    const C = this.shape(`${name}.weight`)[0];
    return { gain: this.vector(`${name}.weight`), shift: this.vector(`${name}.bias`), C };
  }

  /**
   * A linear layer or a convolution; `tiled` where it is 3 x 3 and covers many places.
   * @param {string} name
   * @param {boolean} [tiled]
   * @returns {Layer}
   */
  layer(name, tiled = false) {
    const { kernels } = this.#memory;
    const [N, K, ...window] = this.shape(`${name}.weight`);
    const taps = count(window);
    const bias = this.has(`${name}.bias`) ? this.vector(`${name}.bias`) : 0;
    const at = this.#memory.put(padded(N) * K * (tiled ? POINTS : taps));
    const from = this.#plain(`${name}.weight`);
    if (tiled) kernels.winograd_weights(from, at, N, K);
    else kernels.panels(from, at, N, K, taps);
    this.#memory.give(from);
    return { at, bias, N, K, taps, tiled };
  }

  /**
   * A tensor in single precision, to be given back.
   * @param {string} name
   * @returns {Address}
   */
  #plain(name) {
    const { dtype, data_offsets, shape } = this.#entries[name] ?? { shape: this.shape(name) };
    if (!TYPES.includes(dtype)) throw new NotLoaded(`${name} is ${dtype}, neither ${TYPES.join(" nor ")}`);
    const raw = this.#body.subarray(...data_offsets);
    const at = this.#memory.take(this.#largest);
    if (dtype === "F32") {
      this.#memory.bytesAt(at, raw.length).set(raw);
      return at;
    }
    const halves = this.#memory.take(this.#largest);
    this.#memory.bytesAt(halves, raw.length).set(raw);
    this.#memory.kernels.halves(halves, at, count(shape));
    this.#memory.give(halves);
    return at;
  }
}
