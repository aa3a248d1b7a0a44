// The U-Net: noisy latents, a timestep and words -> the noise that it expects in them.

import { put, sines, take } from "./latents.js";
import { Reads } from "./reads.js";
import { Transforming } from "./transformer.js";

/**
 * @typedef {import("./memory.js").Memory} Memory
 * @typedef {import("./memory.js").Address} Address
 * @typedef {import("./weights.js").Weights} Weights
 * @typedef {import("./weights.js").Layer} Layer
 * @typedef {import("./layers.js").Grid} Grid
 * @typedef {import("./layers.js").Resnet} Resnet
 * @typedef {import("./transformer.js").Transformer} Transformer
 * @typedef {import("./attention.js").Panels} Panels
 * @typedef {Map<Transformer, Panels>} Text what a prompt's words offer to each transformer
 * @typedef {[Resnet, Transformer | null][]} Pairs
 * @typedef {{ block_out_channels: number[], layers_per_block: number, attention_head_dim: number | number[],
 *   norm_num_groups: number, norm_eps: number }} Config
 * @typedef {{ noise: Float32Array[], reads: Float32Array | null }} Guess noise for each text, [4][height][width]; what
 *   each place read of the last text's tokens, [tokens][height][width]
 */

export class Unet extends Transforming {
  /** @type {{ at: Address, C: number }[]} what the way down left for the way up */
  #skips = [];
  /** @type {Reads | null} */
  #reads = null;
  /** @type {Text[]} */
  #texts = [];

  /**
   * @param {Memory} memory
   * @param {Weights} weights
   * @param {Config} config of its config.json
   * @param {{ height: number, width: number }} size of the latents
   */
  constructor(memory, weights, config, { height, width }) {
    super(memory, weights, config.norm_num_groups, config.norm_eps);
    const levels = config.block_out_channels.length;
    this.height = height;
    this.width = width;
    this.sines = config.block_out_channels[0];
    /** @param {number} level */
    const places = (level) => (height * width) / 4 ** level;
    /** @param {number} level */
    const heads = (level) => [config.attention_head_dim].flat().at(level) ?? [config.attention_head_dim].flat()[0];
    /** @type {(name: string, count: number, level: number, outer?: boolean) => Pairs} */
    const block = (name, count, level, outer = true) =>
      Array.from({ length: count }, (_, i) => [
        this.resnet(`${name}.resnets.${i}`, places(level)),
        weights.has(`${name}.attentions.${i}.norm.weight`)
          ? this.transformer(`${name}.attentions.${i}`, heads(level), outer)
          : null,
      ]);
    const last = levels - 1;
    this.first = this.window("conv_in", places(0));
    this.time = [weights.layer("time_embedding.linear_1"), weights.layer("time_embedding.linear_2")];
    this.down = config.block_out_channels.map((_, i) => ({
      pairs: block(`down_blocks.${i}`, config.layers_per_block, i),
      next: i < last ? weights.layer(`down_blocks.${i}.downsamplers.0.conv`) : null,
    }));
    this.middle = block("mid_block", 2, last, false);
    this.up = config.block_out_channels.map((_, i) => ({
      pairs: block(`up_blocks.${i}`, config.layers_per_block + 1, last - i),
      next: i < last ? weights.layer(`up_blocks.${i}.upsamplers.0.conv`, true) : null,
    }));
    this.lastNorm = weights.norm("conv_norm_out");
    this.last = this.window("conv_out", places(0));
  }

  /**
   * What a text offers to every transformer, until it is forgotten: it stays the same from step to step.
   * @param {Float32Array} words (tokens, width)
   * @returns {Text}
   */
  read(words) {
    const all = [...this.down, { pairs: this.middle }, ...this.up].flatMap(({ pairs }) => pairs);
    const there = all.flatMap(([, transformer]) => transformer ?? []);
    return new Map(there.map((transformer) => [transformer, this.offered(transformer, words)]));
  }

  /** @param {Text} text */
  forget(text) {
    for (const panels of text.values()) this.givePanels(panels);
  }

  /**
   * @param {Float32Array} latents [4][height][width]
   * @param {number} timestep
   * @param {Text[]} texts of which the last is the prompt
   * @param {number} tokens whose reading is told, from the start on; 0 for none
   * @returns {Guess}
   */
  run(latents, timestep, texts, tokens) {
    const { memory } = this;
    const grid = { count: texts.length, height: this.height, width: this.width };
    this.#texts = texts;
    this.#reads = tokens ? new Reads(tokens, this.height, this.width) : null;
    const time = this.#timed(timestep);
    const x = put(memory, latents, texts.length);
    let at = this.conv(this.first, x, grid);
    memory.give(x);
    this.#keep(at, this.first.N, grid);
    const low = this.#goDown(at, grid, time);
    at = this.#through(this.middle, low.at, low.grid, time);
    at = this.#goUp(at, low.grid, time);
    const bent = this.groupNorm(this.lastNorm, at, grid);
    const out = this.conv(this.last, bent, grid);
    memory.give(at, bent, time);
    const noise = take(memory, out, texts.length, this.height * this.width);
    return { noise, reads: this.#reads?.mean() ?? null };
  }

  /**
   * @param {Address} at given back
   * @param {Grid} grid
   * @param {Address} time
   */
  #goDown(at, grid, time) {
    for (const { pairs, next } of this.down) {
      for (const pair of pairs) {
        at = this.#through([pair], at, grid, time);
        this.#keep(at, pair[0].conv2.N, grid);
      }
      if (!next) continue;
      const small = this.conv(next, at, grid, { stride: 2 });
      this.memory.give(at);
      at = small;
      grid = { ...grid, height: grid.height / 2, width: grid.width / 2 };
      this.#keep(at, next.N, grid);
    }
    return { at, grid };
  }

  /**
   * @param {Address} at given back
   * @param {Grid} grid
   * @param {Address} time
   */
  #goUp(at, grid, time) {
    let C = this.middle[1][0].conv2.N;
    for (const { pairs, next } of this.up) {
      for (const pair of pairs) {
        at = this.#through([pair], this.#joined(at, C, grid), grid, time);
        C = pair[0].conv2.N;
      }
      if (next) ({ at, grid } = this.doubled(next, at, grid));
    }
    return at;
  }

  /**
   * @param {Pairs} pairs
   * @param {Address} at given back
   * @param {Grid} grid
   * @param {Address} time
   */
  #through(pairs, at, grid, time) {
    for (const [resnet, transformer] of pairs) {
      at = this.throughResnet(resnet, at, grid, time);
      if (transformer) at = this.#attended(transformer, at, grid);
    }
    return at;
  }

  /**
   * @param {Transformer} transformer
   * @param {Address} at
   * @param {Grid} grid
   */
  #attended(transformer, at, grid) {
    const texts = this.#texts.map((text) => /** @type {Panels} */ (text.get(transformer)));
    const reads = transformer.outer ? this.#reads : null;
    return this.throughTransformer(transformer, at, grid, texts, reads?.add ?? null);
  }

  /**
   * A copy for the way up.
   * @param {Address} at
   * @param {number} C
   * @param {Grid} grid
   */
  #keep(at, C, { count, height, width }) {
    const size = count * height * width * C;
    const copy = this.memory.take(size);
    this.memory.floats(copy, size).set(this.memory.floats(at, size));
    this.#skips.push({ at: copy, C });
  }

  /**
   * @param {Address} at given back
   * @param {number} C
   * @param {Grid} grid
   */
  #joined(at, C, { count, height, width }) {
    const skip = this.#skips.pop() ?? { at: 0, C: 0 };
    const places = count * height * width;
    const both = this.memory.take(places * (C + skip.C));
    this.kernels.join(at, C, skip.at, skip.C, both, places);
    this.memory.give(at, skip.at);
    return both;
  }

  /**
   * What every resnet is told of the timestep, in four equal rows: a product has at least four.
   * @param {number} timestep
   */
  #timed(timestep) {
    const { memory, kernels } = this;
    const waves = sines(timestep, this.sines);
    const at = memory.take(4 * this.sines);
    for (let row = 0; row < 4; row++) memory.floats(at + 4 * row * this.sines, this.sines).set(waves);
    const a = this.linear(this.time[0], at, 4);
    kernels.silu(a, 4 * this.time[0].N);
    const b = this.linear(this.time[1], a, 4);
    kernels.silu(b, 4 * this.time[1].N); // every resnet bends it first
    memory.give(at, a);
    return b;
  }
}
