// A transformer block of the U-Net: places read places, then words; told what each place read, if asked.

import { Attending } from "./attention.js";
import { padded } from "./memory.js";

/**
 * @typedef {import("./memory.js").Address} Address
 * @typedef {import("./weights.js").Layer} Layer
 * @typedef {import("./weights.js").Norm} Norm
 * @typedef {import("./layers.js").Grid} Grid
 * @typedef {import("./attention.js").Panels} Panels
 * @typedef {import("./attention.js").Attention} Attention
 * @typedef {{ norm: Norm, first: Layer, last: Layer, norm1: Norm, places: Attention, norm2: Norm, words: Attention,
 *   norm3: Norm, up: Layer, down: Layer, outer: boolean }} Transformer `outer`: its reading is shown
 * @typedef {(shares: Float32Array, grid: Grid, heads: number) => void} Seen shares of each head, place and token
 */

const PARTS = ["to_q", "to_k", "to_v", "to_out.0"];
const EPS = 1e-6;

export class Transforming extends Attending {
  /**
   * @param {string} name
   * @param {number} heads
   * @param {boolean} outer
   * @returns {Transformer}
   */
  transformer(name, heads, outer) {
    const { weights } = this;
    const block = `${name}.transformer_blocks.0`;
    return {
      norm: weights.norm(`${name}.norm`),
      first: weights.layer(`${name}.proj_in`),
      last: weights.layer(`${name}.proj_out`),
      norm1: weights.norm(`${block}.norm1`),
      places: this.attention(`${block}.attn1`, heads, PARTS),
      norm2: weights.norm(`${block}.norm2`),
      words: this.attention(`${block}.attn2`, heads, PARTS),
      norm3: weights.norm(`${block}.norm3`),
      up: weights.layer(`${block}.ff.net.0.proj`),
      down: weights.layer(`${block}.ff.net.2`),
      outer,
    };
  }

  /**
   * @param {Transformer} t
   * @param {Address} x given back
   * @param {Grid} grid
   * @param {Panels[]} texts what each picture's words offer
   * @param {Seen | null} seen told what the last picture's places read
   */
  throughTransformer(t, x, grid, texts, seen) {
    const { memory } = this;
    const rows = grid.count * grid.height * grid.width;
    const a = this.groupNorm(t.norm, x, grid, { eps: EPS, silu: false });
    const b = this.linear(t.first, a, rows);
    const c = this.layerNorm(t.norm1, b, rows);
    const d = this.#each(grid, t.norm.C, c, b, (at, add, n) => this.attendItself(t.places, at, n, { add }));
    const e = this.layerNorm(t.norm2, d, rows);
    const see = seen && ((/** @type {Float32Array} */ shares) => seen(shares, grid, t.words.heads));
    const f = this.#each(grid, t.norm.C, e, d, (at, add, n, picture) => {
      const last = picture === grid.count - 1;
      return this.#readWords(t.words, at, add, n, texts[picture], last ? see : null);
    });
    const g = this.layerNorm(t.norm3, f, rows);
    const wide = this.linear(t.up, g, rows);
    const bent = memory.take(rows * t.down.K);
    this.kernels.geglu(wide, bent, rows, t.down.K);
    const h = this.linear(t.down, bent, rows, { add: f });
    const out = this.linear(t.last, h, rows, { add: x });
    memory.give(a, b, c, d, e, f, g, wide, bent, h, x);
    return out;
  }

  /**
   * What a text's rows offer to a transformer.
   * @param {Transformer} t
   * @param {Float32Array} words (tokens, width)
   */
  offered(t, words) {
    const at = this.memory.take(words.length);
    this.memory.floats(at, words.length).set(words);
    const panels = this.panels(t.words, at, words.length / t.words.key.K);
    this.memory.give(at);
    return panels;
  }

  /**
   * One picture at a time, its rows moved to where all stand.
   * @param {Grid} grid
   * @param {number} C
   * @param {Address} from
   * @param {Address} add
   * @param {(at: Address, add: Address, places: number, picture: number) => Address} through
   */
  #each({ count, height, width }, C, from, add, through) {
    const { memory } = this;
    const n = height * width;
    const to = memory.take(count * n * C);
    for (let picture = 0; picture < count; picture++) {
      const away = 4 * picture * n * C;
      const out = through(from + away, add + away, n, picture);
      memory.floats(to + away, n * C).set(memory.floats(out, n * C));
      memory.give(out);
    }
    return to;
  }

  /**
   * @param {Attention} attention
   * @param {Address} x
   * @param {Address} add
   * @param {number} n
   * @param {Panels} text
   * @param {((shares: Float32Array) => void) | null} see
   */
  #readWords(attention, x, add, n, text, see) {
    if (!see) return this.attend(attention, x, n, text, { add });
    const size = attention.heads * n * padded(text.rows);
    const reads = this.memory.take(size);
    this.memory.floats(reads, size).fill(0);
    const out = this.attend(attention, x, n, text, { add, reads });
    see(this.memory.floats(reads, size));
    this.memory.give(reads);
    return out;
  }
}
