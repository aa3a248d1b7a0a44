// CLIP's text encoder: token ids -> a row of numbers for each.

import { Attending } from "./attention.js";

/**
 * @typedef {import("./memory.js").Memory} Memory
 * @typedef {import("./weights.js").Weights} Weights
 * @typedef {{ hidden_size: number, num_hidden_layers: number, num_attention_heads: number, layer_norm_eps: number }} Config
 */

const PARTS = ["q_proj", "k_proj", "v_proj", "out_proj"];

export class TextEncoder extends Attending {
  /**
   * @param {Memory} memory
   * @param {Weights} weights
   * @param {Config} config of its config.json
   */
  constructor(memory, weights, config) {
    super(memory, weights, 1, 0);
    const root = weights.has("text_model.final_layer_norm.weight") ? "text_model." : "";
    this.width = config.hidden_size;
    this.layerEps = config.layer_norm_eps;
    this.tokens = weights.values(`${root}embeddings.token_embedding.weight`);
    this.places = weights.values(`${root}embeddings.position_embedding.weight`);
    this.layers = Array.from({ length: config.num_hidden_layers }, (_, i) => {
      const name = `${root}encoder.layers.${i}`;
      return {
        norm1: weights.norm(`${name}.layer_norm1`),
        attention: this.attention(`${name}.self_attn`, config.num_attention_heads, PARTS),
        norm2: weights.norm(`${name}.layer_norm2`),
        up: weights.layer(`${name}.mlp.fc1`),
        down: weights.layer(`${name}.mlp.fc2`),
      };
    });
    this.last = weights.norm(`${root}final_layer_norm`);
  }

  /**
   * @param {Int32Array} ids
   * @returns {Float32Array} (ids, width)
   */
  run(ids) {
    const { memory, width } = this;
    const n = ids.length;
    let x = memory.take(n * width);
    memory.floats(x, n * width).set(this.#embedded(ids));
    for (const layer of this.layers) x = this.#through(layer, x, n);
    const out = this.layerNorm(this.last, x, n, this.layerEps);
    const words = memory.floats(out, n * width).slice();
    memory.give(x, out);
    return words;
  }

  /** @param {Int32Array} ids */
  #embedded(ids) {
    const rows = new Float32Array(ids.length * this.width);
    for (let i = 0; i < rows.length; i++) {
      const id = ids[Math.floor(i / this.width)];
      rows[i] = this.tokens[id * this.width + (i % this.width)] + this.places[i];
    }
    return rows;
  }

  /**
   * @param {typeof this.layers[0]} layer
   * @param {number} x given back
   * @param {number} n
   */
  #through({ norm1, attention, norm2, up, down }, x, n) {
    const { memory } = this;
    const a = this.layerNorm(norm1, x, n, this.layerEps);
    const b = this.attendItself(attention, a, n, { add: x, causal: true });
    const c = this.layerNorm(norm2, b, n, this.layerEps);
    const wide = this.linear(up, c, n);
    this.kernels.quick_gelu(wide, n * up.N);
    const out = this.linear(down, wide, n, { add: b });
    memory.give(x, a, b, c, wide);
    return out;
  }
}
