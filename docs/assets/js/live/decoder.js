// The second half of the autoencoder: latents -> a picture of eight times their height and width.

import { Attending } from "./attention.js";
import { CHANNELS, put } from "./latents.js";

/**
 * @typedef {import("./memory.js").Memory} Memory
 * @typedef {import("./memory.js").Address} Address
 * @typedef {import("./weights.js").Weights} Weights
 * @typedef {import("./layers.js").Grid} Grid
 * @typedef {{ block_out_channels: number[], layers_per_block: number, norm_num_groups: number, scaling_factor: number }}
 *   Config
 */

const EPS = 1e-6;
const PARTS = ["to_q", "to_k", "to_v", "to_out.0"];
const READING = "decoder.mid_block.attentions.0";

export class Decoder extends Attending {
  /**
   * @param {Memory} memory
   * @param {Weights} weights
   * @param {Config} config of its config.json
   * @param {{ height: number, width: number }} size of the latents
   */
  constructor(memory, weights, config, { height, width }) {
    super(memory, weights, config.norm_num_groups, EPS);
    const last = config.block_out_channels.length - 1;
    this.height = height;
    this.width = width;
    this.scale = config.scaling_factor;
    this.mix = weights.values("post_quant_conv.weight");
    this.shift = weights.values("post_quant_conv.bias");
    this.first = this.window("decoder.conv_in", height * width);
    this.middle = [0, 1].map((i) => this.resnet(`decoder.mid_block.resnets.${i}`, height * width));
    this.reading = weights.has(`${READING}.to_q.weight`)
      ? { norm: weights.norm(`${READING}.group_norm`), attention: this.attention(READING, 1, PARTS) }
      : null;
    this.up = config.block_out_channels.map((_, i) => {
      const name = `decoder.up_blocks.${i}`;
      const places = height * width * 4 ** i;
      return {
        resnets: Array.from({ length: config.layers_per_block + 1 }, (_, j) =>
          this.resnet(`${name}.resnets.${j}`, places),
        ),
        next: i < last ? weights.layer(`${name}.upsamplers.0.conv`, true) : null,
      };
    });
    this.lastNorm = weights.norm("decoder.conv_norm_out");
    this.last = this.window("decoder.conv_out", height * width * 4 ** last);
  }

  /**
   * @param {Float32Array} latents [4][height][width]
   * @returns {Uint8ClampedArray<ArrayBuffer>} RGBA, row by row
   */
  run(latents) {
    const { memory, first, middle } = this;
    let grid = { count: 1, height: this.height, width: this.width };
    const x = put(memory, this.#mixed(latents), 1);
    let at = this.conv(first, x, grid);
    memory.give(x);
    at = this.throughResnet(middle[0], at, grid);
    at = this.throughResnet(middle[1], this.#read(at, grid), grid);
    for (const { resnets, next } of this.up) {
      for (const resnet of resnets) at = this.throughResnet(resnet, at, grid);
      if (next) ({ at, grid } = this.doubled(next, at, grid));
    }
    const bent = this.groupNorm(this.lastNorm, at, grid);
    const out = this.conv(this.last, bent, grid);
    memory.give(at, bent);
    return this.#picture(out, grid.height * grid.width);
  }

  /**
   * Places read places, where the model's autoencoder does so.
   * @param {Address} x given back
   * @param {Grid} grid
   */
  #read(x, grid) {
    if (!this.reading) return x;
    const { norm, attention } = this.reading;
    const rows = grid.height * grid.width;
    const a = this.groupNorm(norm, x, grid, { silu: false });
    const out = this.attendItself(attention, a, rows, { add: x });
    this.memory.give(a, x);
    return out;
  }

  /**
   * Latents through the first layer, of one place to one.
   * @param {Float32Array} latents
   */
  #mixed(latents) {
    const places = latents.length / CHANNELS;
    return latents.map((_, i) => {
      const [channel, place] = [Math.floor(i / places), i % places];
      let sum = this.shift[channel];
      for (let c = 0; c < CHANNELS; c++)
        sum += this.mix[channel * CHANNELS + c] * (latents[c * places + place] / this.scale);
      return sum;
    });
  }

  /**
   * @param {Address} at given back
   * @param {number} places
   */
  #picture(at, places) {
    const out = this.memory.take(places);
    this.kernels.rgba(at, out, places);
    const picture = new Uint8ClampedArray(this.memory.bytesAt(out, 4 * places));
    this.memory.give(at, out);
    return picture;
  }
}
