// The judge that finds the bodywork: a picture -> how likely each of its pixels shows some.

import { Layers } from "./layers.js";
import { padded } from "./memory.js";

/**
 * @typedef {import("./looks.js").Plane} Plane
 * @typedef {import("./layers.js").Grid} Grid
 * @typedef {import("./memory.js").Address} Address
 * @typedef {{ conv: import("./weights.js").Layer, norm: import("./weights.js").Norm }} Bent
 */

const GROUPS = 4;
const EPS = 1e-5;
const SQUARE = 4; // pixels of 2 x 2

export class Bodywork extends Layers {
  /**
   * @param {import("./memory.js").Memory} memory
   * @param {import("./weights.js").Weights} weights
   * @param {number[]} widths
   */
  constructor(memory, weights, widths) {
    super(memory, weights, GROUPS, EPS);
    const levels = widths.slice(1).map((_, i) => i);
    this.first = this.#bent("mask.first");
    this.downs = levels.map((i) => [0, 1].map((j) => this.#bent(`mask.downs.${i}.${j}`)));
    this.ups = levels.map((i) => this.#bent(`mask.ups.${i}`));
    this.pixels = weights.layer("mask.pixels");
  }

  /**
   * @param {Plane[]} picture red, green and blue, -1 to 1
   * @returns {Plane} 0 to 1
   */
  run(picture) {
    const { memory } = this;
    let grid = { count: 1, height: picture[0].height / 2, width: picture[0].width / 2 };
    const squares = this.#squares(picture, grid);
    let x = this.#through(this.first, squares, grid);
    memory.give(squares);
    const beside = [];
    for (const [down, again] of this.downs) {
      beside.push({ x, grid });
      const half = { count: 1, height: grid.height / 2, width: grid.width / 2 };
      const y = this.#through(down, x, grid, 2);
      [x, grid] = [this.#through(again, y, half), half];
      memory.give(y);
    }
    for (const up of this.ups) {
      const high = /** @type {{ x: Address, grid: Grid }} */ (beside.pop());
      const joined = this.#joined(x, high.x, [up.conv.K - up.conv.N, up.conv.N], high.grid);
      [x, grid] = [this.#through(up, joined, high.grid), high.grid];
      memory.give(joined);
    }
    const odds = this.linear(this.pixels, x, grid.height * grid.width);
    memory.give(x, odds);
    return this.#pixels(odds, picture[0]);
  }

  /**
   * @param {string} name
   * @returns {Bent}
   */
  #bent(name) {
    return { conv: this.weights.layer(`${name}.0`), norm: this.weights.norm(`${name}.1`) };
  }

  /**
   * @param {Bent} bent
   * @param {Address} x
   * @param {Grid} grid of the inputs
   * @param {number} [stride]
   */
  #through({ conv, norm }, x, { count, height, width }, stride = 1) {
    const y = this.conv(conv, x, { count, height, width }, { stride });
    const out = this.groupNorm(norm, y, { count, height: height / stride, width: width / stride });
    this.memory.give(y);
    return out;
  }

  /**
   * Squares of 2 x 2 pixels, with how far down and across each pixel stands.
   * @param {Plane[]} picture
   * @param {Grid} grid
   */
  #squares(picture, { height, width }) {
    const row = SQUARE * (picture.length + 2);
    const at = this.memory.take(height * width * row);
    const rows = this.memory.floats(at, height * width * row);
    const whole = picture[0];
    for (let i = 0; i < rows.length; i++) {
      const [place, channel, part] = [Math.floor(i / row), Math.floor((i % row) / SQUARE), i % SQUARE];
      const y = 2 * Math.floor(place / width) + (part >> 1);
      const x = 2 * (place % width) + (part & 1);
      const [down, across] = [(2 * y) / (whole.height - 1) - 1, (2 * x) / (whole.width - 1) - 1];
      rows[i] = picture[channel]?.values[y * whole.width + x] ?? (channel === picture.length ? down : across);
    }
    return at;
  }

  /**
   * A coarse grid, each of its values four times, beside a fine one.
   * @param {Address} low given back
   * @param {Address} high given back
   * @param {[number, number]} channels of each
   * @param {Grid} grid of the fine one
   */
  #joined(low, high, [many, few], { height, width }) {
    const { memory } = this;
    const places = height * width;
    const doubled = memory.take(places * many);
    const joined = memory.take(places * (many + few));
    const [from, to] = [memory.floats(low, (places / 4) * many), memory.floats(doubled, places * many)];
    for (let i = 0; i < places; i++) {
      const place = (Math.floor(i / width) >> 1) * (width / 2) + ((i % width) >> 1);
      to.set(from.subarray(place * many, (place + 1) * many), i * many);
    }
    this.kernels.join(doubled, many, high, few, joined, places);
    memory.give(low, high, doubled);
    return joined;
  }

  /**
   * @param {Address} odds their logarithms, four in a row of eight
   * @param {import("./looks.js").Size} size
   * @returns {Plane}
   */
  #pixels(odds, { height, width }) {
    const rows = this.memory.floats(odds, (height * width * padded(SQUARE)) / SQUARE);
    const values = new Float32Array(height * width).map((_, i) => {
      const [y, x] = [Math.floor(i / width), i % width];
      const place = (y >> 1) * (width / 2) + (x >> 1);
      return 1 / (1 + Math.exp(-rows[place * padded(SQUARE) + 2 * (y & 1) + (x & 1)]));
    });
    return { values, height, width };
  }
}
