// What a link says of a ball: world-sunset, shape-door, turn-45, tilt-10, x-50, y-30. Sides go by five degrees, places by
// two hundredths of the picture.

import { count } from "./state.js";

/** @typedef {import("./ball-looks.js").Side} Side */
/** @typedef {{ x: number, y: number }} Spot a touched place, in shares of the picture */

const STEP = 5;
const MOST = 30; // degrees of tilt

/**
 * A side as the sliders have it: turned right around it is the same, and further than that it is not tilted.
 * @param {number} turn
 * @param {number} tilt
 * @returns {Side}
 */
export function sideOf(turn, tilt) {
  return { turn: ((((turn + 180) % 360) + 360) % 360) - 180, tilt: Math.min(Math.max(tilt, -MOST), MOST) };
}

/**
 * @param {Side} side
 * @param {Spot} spot
 */
export function statesOf({ turn, tilt }, { x, y }) {
  const [aside, down] = [turn, tilt].map((degrees) => STEP * Math.round(degrees / STEP) || 0);
  const [column, row] = [x, y].map((part) => 2 * Math.round(50 * part));
  return [`turn-${aside === 180 ? -180 : aside}`, `tilt-${down}`, `x-${column}`, `y-${row}`];
}

/**
 * The side and the place that states name; where they name none, what was before.
 * @param {string[]} states
 * @param {Side} side
 * @param {Spot} spot
 */
export function placeIn(states, side, spot) {
  const [turn, tilt, x, y] = ["turn", "tilt", "x", "y"].map((kind) => count(states, kind));
  return {
    side: sideOf(turn ?? side.turn, tilt ?? side.tilt),
    spot: { x: x === undefined ? spot.x : within(x / 100), y: y === undefined ? spot.y : within(y / 100) },
  };
}

/** @param {number} share of the picture */
const within = (share) => Math.min(Math.max(share, 0), 1);
