// What each place read of each token in one step: the mean over heads and layers, coarse grids enlarged.

export class Reads {
  #layers = 0;
  #sums;

  /**
   * @param {number} tokens
   * @param {number} height of the latents
   * @param {number} width
   */
  constructor(tokens, height, width) {
    this.tokens = tokens;
    this.height = height;
    this.width = width;
    this.#sums = new Float32Array(tokens * height * width);
  }

  /**
   * Adds one layer's shares, [heads][places][tokens rounded up], enlarged as torch's interpolate does, bilinearly.
   * @param {Float32Array} shares
   * @param {{ height: number, width: number }} grid
   * @param {number} heads
   */
  add = (shares, { height, width }, heads) => {
    const places = height * width;
    const row = shares.length / heads / places;
    const ys = between(this.height, height);
    const xs = between(this.width, width);
    const mean = new Float32Array(places * row);
    for (let i = 0; i < shares.length; i++) mean[i % mean.length] += shares[i] / heads;
    for (let y = 0; y < this.height; y++)
      for (let x = 0; x < this.width; x++) {
        const corners = corner(ys[y], xs[x], width, row);
        for (let t = 0; t < this.tokens; t++) {
          let sum = 0;
          for (const [at, share] of corners) sum += share * mean[at + t];
          this.#sums[(t * this.height + y) * this.width + x] += sum;
        }
      }
    this.#layers++;
  };

  mean() {
    return this.#sums.map((sum) => sum / this.#layers);
  }
}

/** @typedef {[number, number, number]} Between two places, and how far from the first to the second */

/**
 * Where each place of a fine line falls on a coarse one.
 * @param {number} fine
 * @param {number} coarse
 * @returns {Between[]}
 */
export function between(fine, coarse) {
  return Array.from({ length: fine }, (_, i) => {
    const at = Math.max(((i + 0.5) * coarse) / fine - 0.5, 0);
    const first = Math.floor(at);
    return [first, Math.min(first + 1, coarse - 1), at - first];
  });
}

/**
 * The four rows of shares around a place, and how much of each.
 * @param {Between} y
 * @param {Between} x
 * @param {number} width
 * @param {number} row
 * @returns {[number, number][]}
 */
function corner([y0, y1, down], [x0, x1, right], width, row) {
  return [
    [(y0 * width + x0) * row, (1 - right) * (1 - down)],
    [(y0 * width + x1) * row, right * (1 - down)],
    [(y1 * width + x0) * row, (1 - right) * down],
    [(y1 * width + x1) * row, right * down],
  ];
}
