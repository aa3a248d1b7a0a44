// Attention: who reads, what is read, and how much of it.

import { Layers } from "./layers.js";
import { padded } from "./memory.js";

/**
 * @typedef {import("./memory.js").Address} Address
 * @typedef {import("./weights.js").Layer} Layer
 * @typedef {{ query: Layer, key: Layer, value: Layer, out: Layer, heads: number }} Attention
 * @typedef {{ keys: Address, values: Address, rows: number }} Panels what can be read, a panel a head
 */

export class Attending extends Layers {
  /**
   * @param {string} name
   * @param {number} heads
   * @param {string[]} parts the names of query, key, value and output
   * @returns {Attention}
   */
  attention(name, heads, parts) {
    const [query, key, value, out] = parts.map((part) => this.weights.layer(`${name}.${part}`));
    return { query, key, value, out, heads };
  }

  /**
   * What rows offer to be read.
   * @param {Attention} attention
   * @param {Address} x
   * @param {number} rows
   * @returns {Panels}
   */
  panels(attention, x, rows) {
    const { memory, kernels } = this;
    const [key, value] = [attention.key, attention.value].map((layer) => this.linear(layer, x, rows));
    const C = attention.key.N;
    const d = C / attention.heads;
    const [keys, values] = [0, 0].map(() => memory.take(attention.heads * padded(rows) * d));
    for (let h = 0; h < attention.heads; h++) {
      const to = 4 * h * padded(rows) * d;
      kernels.key_panels(key + 4 * h * d, C, rows, d, keys + to);
      kernels.value_panels(value + 4 * h * d, C, rows, d, values + to);
    }
    memory.give(key, value);
    return { keys, values, rows };
  }

  /**
   * Rows of x read panels.
   * @param {Attention} attention
   * @param {Address} x
   * @param {number} rows
   * @param {Panels} panels
   * @param {{ add?: Address, causal?: boolean, reads?: Address }} [more] `reads`: where each head's shares are added up
   * @returns {Address}
   */
  attend(attention, x, rows, panels, { add = 0, causal = false, reads = 0 } = {}) {
    const { memory, kernels } = this;
    const C = attention.query.N;
    const d = C / attention.heads;
    const T = padded(panels.rows);
    const query = this.linear(attention.query, x, rows);
    const [scores, out] = [memory.take(rows * T), memory.take(rows * C)];
    for (let h = 0; h < attention.heads; h++) {
      const [part, panel] = [4 * h * d, 4 * h * T * d];
      kernels.product(query + part, C, 0, 1, d, panels.keys + panel, T, 0, scores, T, 0, rows);
      const seen = reads && reads + 4 * h * rows * T;
      kernels.shares(scores, rows, panels.rows, d ** -0.5, Number(causal), seen);
      kernels.product(scores, T, 0, 1, T, panels.values + panel, d, 0, out + part, C, 0, rows);
    }
    const result = this.linear(attention.out, out, rows, { add });
    memory.give(query, scores, out);
    return result;
  }

  /**
   * Rows of x read each other.
   * @param {Attention} attention
   * @param {Address} x
   * @param {number} rows
   * @param {{ add: Address, causal?: boolean }} more
   */
  attendItself(attention, x, rows, more) {
    const panels = this.panels(attention, x, rows);
    const out = this.attend(attention, x, rows, panels, more);
    this.givePanels(panels);
    return out;
  }

  /** @param {Panels} panels */
  givePanels({ keys, values }) {
    this.memory.give(keys, values);
  }
}
