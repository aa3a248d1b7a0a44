// One run from noise to latents: it can go back to any step, and go on from there with other words.

import { randn } from "./noise.js";
import { SAMPLERS } from "./samplers.js";
import { ROOM } from "./tokenizer.js";

/**
 * @typedef {{ prompt: string, negative: string, seed: number, steps: number, guidance: number,
 *   sampler: import("./samplers.js").Name }} Settings
 * @typedef {Awaited<ReturnType<typeof import("./pipeline.js").loop>>} Loop
 * @typedef {{ latents: Float32Array, before: Float32Array | null }} State before a step
 * @typedef {{ text: string, tokens: number[] }} Word of a prompt, with its places among the tokens
 * @typedef {{ i: number, clean: Float32Array, reads: Float32Array | null, push: Float32Array | null }} Told of a step:
 *   the latents of its clean picture; what places read of each token; what guidance adds there, root mean square
 */

const CHANNELS = 4;

export class Run {
  #loop;
  #sampler;
  /** @type {State[]} */
  #states;
  /** @type {import("./unet.js").Text | null} */
  #unconditional = null;
  /** @type {import("./unet.js").Text} */
  #text;
  #guidance;

  /**
   * @param {Loop} loop
   * @param {Settings} settings
   */
  constructor(loop, { prompt, negative, seed, steps, guidance, sampler }) {
    const { height, width } = loop.unet;
    this.#loop = loop;
    this.#sampler = SAMPLERS[sampler](loop.schedule, steps);
    this.#states = [{ latents: randn(seed, CHANNELS * height * width), before: null }];
    this.#guidance = guidance;
    this.#text = this.#read(prompt);
    this.words = wordsOf(loop.tokenizer.pieces(prompt));
    this.negative = negative;
    this.next = 0;
    this.steps = steps;
  }

  get done() {
    return this.next === this.steps;
  }

  /**
   * From the next step on.
   * @param {string} prompt
   * @param {number} guidance
   */
  change(prompt, guidance) {
    this.#loop.unet.forget(this.#text);
    this.#text = this.#read(prompt);
    this.words = wordsOf(this.#loop.tokenizer.pieces(prompt));
    this.#guidance = guidance;
  }

  /**
   * Back to before a step that was taken.
   * @param {number} step
   */
  back(step) {
    this.next = Math.min(step, this.next);
    this.#states.length = this.next + 1;
  }

  /** @returns {Told} */
  step() {
    const i = this.next;
    const { latents, before } = this.#states[i];
    const guided = this.#guidance > 1; // at 1 the unconditional half cancels out
    const texts = guided ? [this.#negative(), this.#text] : [this.#text];
    const tokens = Math.min(2 + Math.max(0, ...this.words.flatMap((word) => word.tokens)), ROOM);
    const { noise, reads } = this.#loop.unet.run(latents, this.#sampler.timesteps[i], texts, tokens);
    const effect = guided ? noise[1].map((value, j) => value - noise[0][j]) : null;
    const guess = effect ? noise[0].map((value, j) => Math.fround(value + this.#guidance * effect[j])) : noise[0];
    const stepped = this.#sampler.step(i, latents, guess, before);
    this.#states[i + 1] = { latents: stepped.latents, before: stepped.clean };
    this.next = i + 1;
    return { i, clean: this.done ? stepped.latents : stepped.clean, reads, push: effect && strengths(effect) };
  }

  /** Gives its memory back. */
  end() {
    for (const text of [this.#unconditional, this.#text]) if (text) this.#loop.unet.forget(text);
  }

  #negative() {
    this.#unconditional ??= this.#read(this.negative);
    return this.#unconditional;
  }

  /** @param {string} text */
  #read(text) {
    return this.#loop.unet.read(this.#loop.text.run(this.#loop.tokenizer.ids(text)));
  }
}

/**
 * @param {import("./tokenizer.js").Piece[]} pieces
 * @returns {Word[]}
 */
function wordsOf(pieces) {
  /** @type {Word[]} */
  const words = [];
  pieces.slice(0, ROOM - 2).forEach(({ word, text }, i) => {
    words[word] ??= { text, tokens: [] };
    words[word].tokens.push(i + 1);
  });
  return words;
}

/**
 * Root mean square over the channels, place by place.
 * @param {Float32Array} values [4][places]
 */
function strengths(values) {
  const places = values.length / CHANNELS;
  const channels = Array.from({ length: CHANNELS }, (_, c) => values.subarray(c * places, (c + 1) * places));
  return new Float32Array(places).map((_, i) =>
    Math.sqrt(channels.reduce((sum, channel) => sum + channel[i] ** 2, 0) / CHANNELS),
  );
}
