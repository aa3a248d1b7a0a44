// The layers that all parts of a pipeline are made of. Pictures lie one behind the other, [pictures][places][channels].

import { padded } from "./memory.js";

/**
 * @typedef {import("./memory.js").Memory} Memory
 * @typedef {import("./memory.js").Address} Address
 * @typedef {import("./weights.js").Weights} Weights
 * @typedef {import("./weights.js").Layer} Layer
 * @typedef {import("./weights.js").Norm} Norm
 * @typedef {{ count: number, height: number, width: number }} Grid so many pictures of that many places
 * @typedef {{ norm1: Norm, conv1: Layer, norm2: Norm, conv2: Layer, time: Layer | null, shortcut: Layer | null }} Resnet
 * @typedef {{ add?: Address, row?: number }} More what is added to the outputs; how far the rows of inputs lie apart
 */

const POINTS = 36;
const NEAR = 120_000; // values that stay near the processor
const FEWEST = 256; // places of a picture for which tiles are worth their larger weights

export class Layers {
  /**
   * @param {Memory} memory
   * @param {Weights} weights
   * @param {number} groups of a group norm
   * @param {number} eps of a resnet's norms
   */
  constructor(memory, weights, groups, eps) {
    this.memory = memory;
    this.kernels = memory.kernels;
    this.weights = weights;
    this.groups = groups;
    this.eps = eps;
  }

  /**
   * A 3 x 3 convolution of pictures with so many places.
   * @param {string} name
   * @param {number} places
   */
  window(name, places) {
    return this.weights.layer(name, places >= FEWEST);
  }

  /**
   * @param {Layer} layer
   * @param {Address} x
   * @param {number} rows at least 4
   * @param {More} [more]
   * @returns {Address}
   */
  linear(layer, x, rows, { add = 0, row = layer.K } = {}) {
    const N = padded(layer.N);
    const out = this.memory.take(rows * N);
    this.kernels.product(x, row, 0, 1, layer.K, layer.at, layer.N, layer.bias, out, N, add, rows);
    return out;
  }

  /**
   * @param {Layer} layer 1 x 1 or 3 x 3
   * @param {Address} x
   * @param {Grid} grid of the inputs
   * @param {{ add?: Address, bias?: Address, stride?: number }} [more]
   * @returns {Address}
   */
  conv(layer, x, grid, { add = 0, bias = layer.bias, stride = 1 } = {}) {
    const { count, height, width } = grid;
    if (layer.taps === 1) return this.linear(layer, x, count * height * width, { add });
    if (layer.tiled) return this.#tiles(layer, x, grid, false, bias, add);
    const N = padded(layer.N);
    const places = (height / stride) * (width / stride);
    const out = this.memory.take(count * places * N);
    const windows = this.memory.windows(height, width, stride);
    for (let b = 0; b < count; b++) {
      const [from, to] = [x + 4 * b * height * width * layer.K, 4 * b * places * N];
      const more = add && add + to;
      this.kernels.product(from, layer.K, windows, 9, layer.K, layer.at, layer.N, bias, out + to, N, more, places);
    }
    return out;
  }

  /**
   * Pictures twice as high and wide, each value four times, then a 3 x 3 convolution; with the grid that they have now.
   * @param {Layer} layer
   * @param {Address} x given back
   * @param {Grid} grid of the inputs
   */
  doubled(layer, x, { count, height, width }) {
    const grid = { count, height: 2 * height, width: 2 * width };
    const at = this.#tiles(layer, x, grid, true, layer.bias, 0);
    this.memory.give(x);
    return { at, grid };
  }

  /**
   * @param {Layer} layer
   * @param {Address} x
   * @param {Grid} grid of the outputs
   * @param {boolean} doubled
   * @param {Address} bias
   * @param {Address} add
   */
  #tiles(layer, x, { count, height, width }, doubled, bias, add) {
    const N = padded(layer.N);
    const places = height * width;
    const out = this.memory.take(count * places * N);
    const block = Math.max(4, Math.floor(NEAR / (POINTS * (layer.K + N)))) & ~3;
    const room = this.memory.take(Math.max(NEAR, POINTS * block * (layer.K + N)));
    for (let b = 0; b < count; b++) {
      const from = x + (4 * b * places * layer.K) / (doubled ? 4 : 1);
      const to = 4 * b * places * N;
      const sides = /** @type {const} */ ([height, width, Number(doubled)]);
      const more = add && add + to;
      this.kernels.winograd(from, ...sides, layer.K, layer.at, N, bias, out + to, more, room, block);
    }
    this.memory.give(room);
    return out;
  }

  /**
   * @param {Norm} norm
   * @param {Address} x
   * @param {Grid} grid
   * @param {{ eps?: number, silu?: boolean }} [how]
   */
  groupNorm(norm, x, { count, height, width }, { eps = this.eps, silu = true } = {}) {
    const places = height * width;
    const out = this.memory.take(count * places * norm.C);
    for (let b = 0; b < count; b++) {
      const at = 4 * b * places * norm.C;
      const { gain, shift, C } = norm;
      this.kernels.group_norm(x + at, out + at, places, C, this.groups, eps, gain, shift, Number(silu));
    }
    return out;
  }

  /**
   * @param {Norm} norm
   * @param {Address} x
   * @param {number} rows
   * @param {number} [eps]
   */
  layerNorm({ gain, shift, C }, x, rows, eps = 1e-5) {
    const out = this.memory.take(rows * C);
    this.kernels.layer_norm(x, out, rows, C, eps, gain, shift);
    return out;
  }

  /**
   * @param {string} name
   * @param {number} places
   * @returns {Resnet}
   */
  resnet(name, places) {
    const { weights } = this;
    /** @param {string} part */
    const some = (part) => (weights.has(`${name}.${part}.weight`) ? weights.layer(`${name}.${part}`) : null);
    return {
      norm1: weights.norm(`${name}.norm1`),
      conv1: this.window(`${name}.conv1`, places),
      norm2: weights.norm(`${name}.norm2`),
      conv2: this.window(`${name}.conv2`, places),
      time: some("time_emb_proj"),
      shortcut: some("conv_shortcut"),
    };
  }

  /**
   * @param {Resnet} resnet
   * @param {Address} x given back
   * @param {Grid} grid
   * @param {Address} [time] four equal rows
   */
  throughResnet(resnet, x, grid, time = 0) {
    const { memory } = this;
    const bias = resnet.time ? this.#timed(resnet.conv1, this.linear(resnet.time, time, 4)) : 0;
    const a = this.groupNorm(resnet.norm1, x, grid);
    const b = this.conv(resnet.conv1, a, grid, bias ? { bias } : {});
    memory.give(a);
    if (bias) memory.give(bias);
    const c = this.groupNorm(resnet.norm2, b, grid);
    memory.give(b);
    const skip = resnet.shortcut ? this.conv(resnet.shortcut, x, grid) : x;
    const out = this.conv(resnet.conv2, c, grid, { add: skip });
    memory.give(c, x);
    if (resnet.shortcut) memory.give(skip);
    return out;
  }

  /**
   * A layer's bias with what the timestep adds, which is the same at every place.
   * @param {Layer} layer
   * @param {Address} shift given back
   */
  #timed({ bias, N }, shift) {
    const at = this.memory.take(padded(N));
    const [sum, a, b] = [at, bias, shift].map((from) => this.memory.floats(from, N));
    for (let i = 0; i < N; i++) sum[i] = a[i] + b[i];
    this.memory.give(shift);
    return at;
  }
}
