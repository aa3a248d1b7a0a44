// The directions that a touched place of a mirror shows, as an outline on the surroundings unrolled; and the way back, from
// a direction to the place that shows it.

import { azimuth, dot, height, inWorld } from "./ball-looks.js";

/**
 * @typedef {import("./ball-looks.js").Direction} Direction
 * @typedef {import("./ball-looks.js").Look} Look
 * @typedef {import("./ball-looks.js").Side} Side
 * @typedef {import("./ball-place.js").Spot} Spot
 * @typedef {{ turn: number, at: [number, number] }} Point how far round the ring, and where on the surroundings
 */

const POINTS = 28; // of the ring, before it is looked at more closely
const GAP = 4; // units of the surroundings that may lie between two points
const CLOSER = 8; // times that a gap is halved, at most
const EDGE = 12; // times that the way to the mirror's edge is halved
const SOUGHT = 48; // places of a row, and of a column, of a first search
const NEAR = 0.9994; // cosine of two degrees: a place that looks as near as this shows it

/**
 * What a touched place shows: the area, closed over a pole that it holds, and its outline alone, each 360 wide and 180 high
 * and over each edge where it goes on. A ring around the place stays on the mirror.
 * @param {{ look: Look, spot: Spot, side: Side, aspect: number }} touched
 * @param {number} radius of the ring, a share of the picture's width
 */
export function outlined({ look, spot, side, aspect }, radius) {
  const at = (/** @type {number} */ turn) => {
    const [aside, down] = [radius * Math.cos(turn), radius * aspect * Math.sin(turn)];
    const [right, up, ahead] = inWorld(within(look, spot, aside, down), side);
    return /** @type {Point} */ ({ turn, at: [azimuth(right, ahead) + 180, 90 - height(up)] });
  };
  const points = [at(0)];
  for (let k = 1; k <= POINTS; k++) goOn(points, at((2 * Math.PI * k) / POINTS), at, CLOSER);
  const line = points.map((point) => point.at);
  const [first, last] = [line[0], line[line.length - 1]];
  const mean = line.reduce((sum, [, low]) => sum + low, 0) / line.length;
  const pole = mean < 90 ? 0 : 180;
  const round = Math.abs(last[0] - first[0]) > 180; // all the way: it holds what is overhead, or underfoot
  /** @type {[number, number][]} */
  const closed = round ? [...line, [last[0], pole], [first[0], pole]] : line;
  return { area: thrice(closed, "Z"), line: thrice(line, round ? "" : "Z") };
}

/**
 * The points up to a next one, with others between wherever the outline takes a wide step.
 * @param {Point[]} points
 * @param {Point} next
 * @param {(turn: number) => Point} at
 * @param {number} closer
 */
function goOn(points, next, at, closer) {
  const before = points[points.length - 1];
  const aside = ((((next.at[0] - before.at[0]) % 360) + 540) % 360) - 180;
  if (closer && Math.hypot(aside, next.at[1] - before.at[1]) > GAP) {
    goOn(points, at((before.turn + next.turn) / 2), at, closer - 1);
    goOn(points, next, at, closer - 1);
  } else points.push({ turn: next.turn, at: [before.at[0] + aside, next.at[1]] });
}

/**
 * Where the mirror looks so far from a place of it; off the mirror, at its edge on the way there.
 * @param {Look} look
 * @param {Spot} spot
 * @param {number} aside
 * @param {number} down
 */
function within(look, { x, y }, aside, down) {
  const there = look(x + aside, y + down);
  if (there) return there;
  let found = /** @type {Direction} */ (look(x, y));
  for (let [on, step] = [0, 0.5], k = 0; k < EDGE; k++, step /= 2) {
    const further = look(x + (on + step) * aside, y + (on + step) * down);
    if (further) [on, found] = [on + step, further];
  }
  return found;
}

/**
 * @param {[number, number][]} points
 * @param {string} end
 */
function thrice(points, end) {
  const outline = (over = 0) => points.map(([x, y]) => `${(x + over).toFixed(2)} ${y.toFixed(2)}`).join("L");
  return [-360, 0, 360].map((over) => `M${outline(over)}${end}`).join("");
}

/**
 * The place of a mirror that shows a direction of the world; one outside the picture where none does.
 * @param {Look} look
 * @param {Side} side
 * @param {Direction} wanted
 * @returns {[number, number]} in shares of the picture
 */
export function placeOf(look, side, wanted) {
  let best = { x: 0.5, y: 0.5, like: -1 };
  const seek = (/** @type {number} */ x, /** @type {number} */ y) => {
    const way = look(x, y);
    const like = way ? dot(inWorld(way, side), wanted) : -1;
    if (like > best.like) best = { x, y, like };
  };
  for (let i = 0; i < SOUGHT * SOUGHT; i++)
    seek(((i % SOUGHT) + 0.5) / SOUGHT, (Math.floor(i / SOUGHT) + 0.5) / SOUGHT);
  for (let step = 1 / SOUGHT; step > 0.001; step /= 2) {
    const { x, y } = best;
    for (let k = 0; k < 9; k++) seek(x + step * ((k % 3) - 1), y + step * (Math.floor(k / 3) - 1));
  }
  return best.like > NEAR ? [best.x, best.y] : [-1, -1];
}
