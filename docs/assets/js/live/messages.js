// What page and workers say to each other.

/**
 * @typedef {import("./run.js").Settings} Settings
 * @typedef {import("./run.js").Words} Words
 * @typedef {import("./run.js").Told} Told
 * @typedef {{ height: number, width: number }} Size
 * @typedef {"a" | "b"} Name of a run; two go on in turns
 * @typedef {{ type: "load", folder: string, size: Size }} Load
 * @typedef {Load | { type: "begin", run: Name, settings: Settings } | { type: "pause", run: Name }
 *   | { type: "change", run: Name, prompt: string, guidance: number }
 *   | { type: "go", run: Name, from: number, prompt: string, guidance: number }} ToLoop
 * @typedef {Load | { type: "paint", run: Name, i: number, latents: Float32Array }} ToDecoder
 * @typedef {{ type: "loading", bytes: number } | { type: "loaded" }
 *   | { type: "failed", message: string, kind: "file" | "model" | "memory" | "other" }} Common
 * @typedef {Common | { type: "plan", run: Name, plan: Words[], anew: boolean } | ({ type: "step", run: Name } & Told)
 *   | { type: "done", run: Name }} FromLoop
 * @typedef {Common | { type: "painted", run: Name, i: number, picture: Uint8ClampedArray<ArrayBuffer> }} FromDecoder
 * @typedef {{ type: "load", file: string } | { type: "read", picture: Uint8ClampedArray<ArrayBuffer> }} ToJury
 * @typedef {Extract<Common, { type: "failed" }> | { type: "loaded", state: import("./jury.js").State }
 *   | { type: "read", readings: import("./jury.js").Readings }} FromJury
 */

import { NotLoaded } from "./files.js";
import { NotOurs } from "./refused.js";

/**
 * What a worker says of what went wrong.
 * @param {unknown} error
 * @returns {Common}
 */
export function failed(error) {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof NotLoaded) return { type: "failed", message, kind: "file" };
  if (error instanceof NotOurs) return { type: "failed", message, kind: "model" };
  const full = error instanceof RangeError || /memory/i.test(message);
  return { type: "failed", message, kind: full ? "memory" : "other" };
}

/**
 * Hears what the page says, one thing at a time, and says what went wrong.
 * @template {{ type: string }} To
 * @template {{ type: string }} From
 * @param {(message: To, tell: (told: From | Common, given?: Transferable[]) => void) => Promise<void> | void} hear
 */
export function answer(hear) {
  /** @param {From | Common} told @param {Transferable[]} [given] */
  const tell = (told, given = []) => self.postMessage(told, { transfer: given });
  self.addEventListener("message", async ({ data }) => {
    try {
      await hear(data, tell);
    } catch (error) {
      tell(failed(error));
    }
  });
}
