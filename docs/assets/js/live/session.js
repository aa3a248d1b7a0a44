// The page's side of the engine: starts its two workers, hands latents from one to the other, draws nothing itself.

import { reply, sentence, start } from "./asking.js";
import { simd } from "./feature.js";

/**
 * @typedef {import("./messages.js").Name} Name
 * @typedef {import("./messages.js").Size} Size
 * @typedef {import("./messages.js").ToLoop} ToLoop
 * @typedef {import("./messages.js").ToDecoder} ToDecoder
 * @typedef {import("./messages.js").FromLoop} FromLoop
 * @typedef {import("./messages.js").FromDecoder} FromDecoder
 * @typedef {Extract<FromLoop, { type: "step" }>} Step
 * @typedef {{ plan: (run: Name, plan: import("./run.js").Words[]) => void, step: (step: Step) => void,
 *   painted: (run: Name, i: number, picture: Uint8ClampedArray<ArrayBuffer>) => void,
 *   done: (run: Name) => void, failed: (says: string) => void }} Listener
 */

const SAYS = {
  file: "The model did not come whole; check the connection and try again.",
  memory: "There is too little free memory to paint here; close other tabs.",
  model: "This model has layers that cannot run in a browser",
  other: "This browser cannot run it",
};

/** Why it cannot run here, in a sentence; "" where it can. */
export function lacking() {
  const able = "WebAssembly" in globalThis && "Worker" in globalThis && simd();
  return able
    ? ""
    : "This browser lacks WebAssembly (with SIMD) or workers, so it cannot paint; the pictures below were painted before.";
}

export class Session {
  #listener;
  #loop;
  #decoder;
  /** @type {Map<string, { run: Name, i: number, latents: Float32Array }>} what is still to be painted */
  #waiting = new Map();
  /** @type {{ run: Name, i: number, stale: boolean } | null} the step whose picture the decoder is at */
  #painting = null;
  #closed = false;
  /** @type {Map<Name, number>} plans that a run still owes: before the last one, its steps are of what was before */
  #owed = new Map();

  /**
   * Starts both workers.
   * @param {Listener} listener
   */
  constructor(listener) {
    this.#listener = listener;
    this.#loop = start("loop-worker.js");
    this.#decoder = start("decoder-worker.js");
  }

  /**
   * Loads the model. Rejects with a sentence where it cannot.
   * @param {string} folder its address
   * @param {Size} size
   * @param {(bytes: number) => void} tell how many bytes more have come
   */
  async load(folder, size, tell) {
    const message = { type: "load", folder, size };
    await Promise.all([this.#loop, this.#decoder].map((worker) => reply(worker, "loaded", message, SAYS, tell)));
    this.#loop.addEventListener("message", ({ data }) => this.#fromLoop(data));
    this.#decoder.addEventListener("message", ({ data }) => this.#fromDecoder(data));
  }

  /** @param {ToLoop} message */
  send(message) {
    if (message.type === "begin" || message.type === "go") {
      const { run } = message;
      this.#forget(run, message.type === "go" ? message.from : 0);
      this.#owed.set(run, this.#owes(run) + 1);
    }
    this.#loop.postMessage(message);
  }

  /** Ends both workers and gives their memory back. */
  close() {
    this.#closed = true;
    for (const worker of [this.#loop, this.#decoder]) worker.terminate();
  }

  /** @param {FromLoop} told */
  #fromLoop(told) {
    if (this.#closed) return;
    if (told.type === "plan" && told.anew) this.#owed.set(told.run, this.#owes(told.run) - 1);
    if ("run" in told && this.#owes(told.run)) return;
    if (told.type === "plan") this.#listener.plan(told.run, told.plan);
    else if (told.type === "done") this.#listener.done(told.run);
    else if (told.type === "failed") this.#listener.failed(sentence(told, SAYS));
    else if (told.type === "step") {
      this.#waiting.set(`${told.run} ${told.i}`, { run: told.run, i: told.i, latents: told.clean });
      this.#listener.step(told);
      this.#paint();
    }
  }

  /** @param {Name} run */
  #owes(run) {
    return this.#owed.get(run) ?? 0;
  }

  /** @param {FromDecoder} told */
  #fromDecoder(told) {
    if (this.#closed) return;
    if (told.type === "failed") this.#listener.failed(sentence(told, SAYS));
    if (told.type !== "painted") return;
    if (!this.#painting?.stale) this.#listener.painted(told.run, told.i, told.picture);
    this.#painting = null;
    this.#paint();
  }

  /** The newest step first; those that were passed over when there is time. */
  #paint() {
    const [name, next] = [...this.#waiting].at(-1) ?? [];
    if (this.#painting || !next || !name) return;
    this.#painting = { run: next.run, i: next.i, stale: false };
    this.#waiting.delete(name);
    this.#decoder.postMessage({ type: "paint", ...next });
  }

  /**
   * @param {Name} run
   * @param {number} from
   */
  #forget(run, from) {
    for (const [name, step] of this.#waiting) if (step.run === run && step.i >= from) this.#waiting.delete(name);
    if (this.#painting?.run === run && this.#painting.i >= from) this.#painting.stale = true;
  }
}
