// One run from noise to latents: it can go back to any step, and go on from there with other words.

import { CHANNELS } from "./latents.js";
import { randn } from "./noise.js";
import { SAMPLERS } from "./samplers.js";
import { ROOM } from "./tokenizer.js";

/**
 * @typedef {{ at: number, prompt: string, guidance: number }} Words that hold from a step on, counted from 0
 * @typedef {{ negative: string, seed: number, steps: number, sampler: import("./samplers.js").Name, plan: Words[] }}
 *   Settings all that a run follows from; the first words hold from step 0
 * @typedef {Awaited<ReturnType<typeof import("./pipeline.js").loop>>} Loop
 * @typedef {{ latents: Float32Array, before: Float32Array | null }} State before a step
 * @typedef {{ text: string, tokens: number[] }} Word of a prompt, with its places among the tokens
 * @typedef {{ i: number, clean: Float32Array, reads: Float32Array | null, push: Float32Array | null,
 *   words: Word[] }} Told of a step: the latents of its clean picture; what places read of each token; what guidance adds
 *   there, root mean square; its words
 */

export class Run {
  #loop;
  #sampler;
  #seed;
  /** @type {State[]} */
  #states;
  /** @type {Map<string, import("./unet.js").Text>} what was read */
  #texts = new Map();
  #negative;

  /**
   * @param {Loop} loop
   * @param {Settings} settings
   */
  constructor(loop, { negative, seed, steps, sampler, plan }) {
    const { height, width } = loop.unet;
    this.#loop = loop;
    this.#sampler = SAMPLERS[sampler](loop.schedule, steps);
    this.#states = [{ latents: randn(seed, CHANNELS * height * width), before: null }];
    this.#negative = negative;
    this.#seed = seed;
    this.plan = plan;
    this.next = 0;
    this.steps = steps;
  }

  get done() {
    return this.next === this.steps;
  }

  /** The words that hold at the next step, as the tokenizer splits them. */
  get #words() {
    return wordsOf(this.#loop.tokenizer.pieces(this.#now.prompt));
  }

  /**
   * Other words from the next step on.
   * @param {string} prompt
   * @param {number} guidance
   */
  change(prompt, guidance) {
    const words = { at: this.next, prompt, guidance };
    const before = this.plan.filter(({ at }) => at < this.next);
    const last = before.at(-1);
    this.plan = last?.prompt === prompt && last.guidance === guidance ? before : [...before, words];
    for (const [text, read] of this.#texts) {
      if (text === this.#negative || this.plan.some((each) => each.prompt === text)) continue;
      this.#loop.unet.forget(read);
      this.#texts.delete(text);
    }
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
    const { prompt, guidance } = this.#now;
    const guided = guidance > 1; // at 1 the unconditional half cancels out
    const texts = (guided ? [this.#negative, prompt] : [prompt]).map((text) => this.#read(text));
    const words = this.#words;
    const tokens = Math.min(2 + Math.max(0, ...words.flatMap((word) => word.tokens)), ROOM);
    const { noise, reads } = this.#loop.unet.run(latents, this.#sampler.timesteps[i], texts, tokens);
    const effect = guided ? noise[1].map((value, j) => value - noise[0][j]) : null;
    const guess = effect ? noise[0].map((value, j) => Math.fround(value + guidance * effect[j])) : noise[0];
    const fresh = () => randn(this.#seed, latents.length, i + 1);
    const stepped = this.#sampler.step(i, latents, guess, before, fresh);
    this.#states[i + 1] = { latents: stepped.latents, before: stepped.clean };
    this.next = i + 1;
    return { i, clean: this.done ? stepped.latents : stepped.clean, reads, push: effect && strengths(effect), words };
  }

  /** Gives its memory back. */
  end() {
    for (const text of this.#texts.values()) this.#loop.unet.forget(text);
    this.#texts.clear();
  }

  get #now() {
    return /** @type {Words} */ (this.plan.findLast(({ at }) => at <= this.next));
  }

  /** @param {string} text */
  #read(text) {
    const { text: encoder, tokenizer, unet } = this.#loop;
    const there = this.#texts.get(text) ?? unet.read(encoder.run(tokenizer.ids(text)));
    this.#texts.set(text, there);
    return there;
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
