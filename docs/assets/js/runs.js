// The runs of a comparison, as its list has them.

import { find } from "./dom.js";
import { size } from "./sheets.js";

/**
 * @typedef {{ said: HTMLElement, finished: HTMLImageElement, sheet: string, width: number, height: number,
 *   levels: number[] }} Run what was asked, its picture, the sheet, a frame's size, the noise level before each step
 */

/**
 * @param {HTMLLIElement} item
 * @returns {Run}
 */
export function run(item) {
  const { sheet = "", levels = "" } = item.dataset;
  const said = find(item, "figcaption span", HTMLElement);
  const finished = find(item, "img", HTMLImageElement);
  return { said, finished, sheet, ...size(item.dataset.size ?? ""), levels: levels.split(" ").map(Number) };
}

/**
 * The frame of a run, from 0, at a step of a longer one: that very step, or of fewer steps the one nearest in noise.
 * @param {Run} run
 * @param {Run} longer
 * @param {number} step
 */
export function frame({ levels }, longer, step) {
  if (levels.length === longer.levels.length) return step - 1;
  const wanted = Math.log(longer.levels[step - 1]); // levels are ratios: half is as far as double
  const far = levels.map((level) => Math.abs(Math.log(level) - wanted));
  return far.indexOf(Math.min(...far));
}

/**
 * The run of more steps.
 * @param {Run} one
 * @param {Run} other
 */
export function longer(one, other) {
  return one.levels.length >= other.levels.length ? one : other;
}
