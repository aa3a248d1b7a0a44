// Marks laid as no picture has them: one sentence that says what to change, or none. Nothing is measured from such marks.

import { BODY } from "./body.js";

/**
 * @typedef {import("./sight.js").Place} Place
 * @typedef {(name: string) => Place} Marks
 * @typedef {{ ratio: number, outlined: boolean, stands?: (name: string) => boolean }} Ground
 *   width over height, whether the body's outline has been laid, and whether a mark has been put in place: all, unless told
 */

const SAME = 0.02; // of the picture's width: two marks nearer than this stand on one place
const APART = 0.1; // of its width: so far apart are two marks through which a horizon is laid
const STEEPEST = 45; // degrees
const LEAST = 0.005; // of the picture that an outline holds
const OFF = 0.05; // of its width: how far beside the outline a mark may stand, as six corners follow a body roughly
const PUT = "put it on the metal, or lay that line anew.";

/**
 * @param {string} step
 * @param {Marks} marks
 * @param {Ground} ground
 */
export function misplaced(step, marks, { ratio, outlined, stands = () => true }) {
  /** @param {string} name */
  const at = (name) => ({ x: marks(name).x, y: marks(name).y / ratio }); // both in widths
  const outline = outlined ? BODY.map(at) : [];
  /** @param {string} name @param {string} label */
  const off = (name, label) =>
    outlined && stands(name) && beside(outline, at(name)) > OFF
      ? `Mark ${label} stands outside the metal that you outlined under Pure white: ${PUT}`
      : "";
  /** @param {string[]} names */
  const both = (...names) => names.every(stands);
  if (step === "colours") return (both("body", "around") && colours(at, outline)) || off("body", "1");
  if (step === "horizon") return (both("left", "right") && horizon(at)) || off("band", "3");
  if (step === "light") return (both("tip", "caster") && light(at)) || off("spot", "3") || off("facing", "4");
  if (step === "white" && both(...BODY)) return white(BODY.map(at), ratio);
  if (step === "twins" && both("one", "other") && distance(at("one"), at("other")) < SAME)
    return "Both marks stand on one place: put 2 on the other one of the pair.";
  return "";
}

/**
 * @param {Marks} at
 * @param {Place[]} outline
 */
function colours(at, outline) {
  if (distance(at("body"), at("around")) < SAME)
    return "Both marks stand on one place: put 1 on the metal and 2 on what it should show.";
  if (outline.length && beside(outline, at("around")) < -OFF)
    return "Mark 2 stands on the metal that you outlined under Pure white: put it beside the metal.";
  return "";
}

/** @param {Marks} at */
function horizon(at) {
  const [left, right] = [at("left"), at("right")];
  const [across, down] = [right.x - left.x, right.y - left.y];
  if (Math.hypot(across, down) < APART)
    return "Marks 1 and 2 stand too close together for a line: put 1 far on the left and 2 far on the right.";
  const tilt = (Math.atan2(Math.abs(down), Math.abs(across)) * 180) / Math.PI;
  if (tilt >= STEEPEST)
    return `Your line is tilted by ${Math.round(tilt)} degrees, which no horizon is: lay it flatter, or turn the picture upright first.`;
  return across < 0 ? "Mark 1 stands on the right of mark 2: put 1 on the left and 2 on the right." : "";
}

/** @param {Marks} at */
const light = (at) =>
  distance(at("tip"), at("caster")) < SAME
    ? "Marks 1 and 2 stand on one place: put 1 on the shadow’s tip and 2 on what throws it."
    : "";

/**
 * @param {Place[]} outline in widths
 * @param {number} ratio
 */
function white(outline, ratio) {
  if (crosses(outline)) return "The line around the metal crosses itself: put the marks around it in their order.";
  const share = Math.abs(outline.reduce((sum, from, i) => sum + cross(from, next(outline, i)), 0) / 2) * ratio;
  return share < LEAST ? "The marks hold hardly any of the picture: put them around the metal." : "";
}

/** @param {Place} one @param {Place} other */
const distance = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);

/** @param {Place} one @param {Place} other */
const cross = (one, other) => one.x * other.y - other.x * one.y;

/** @param {Place[]} outline @param {number} i */
const next = (outline, i) => outline[(i + 1) % outline.length];

/**
 * On which side of a line through two places a third one lies.
 * @param {Place} from
 * @param {Place} to
 * @param {Place} place
 */
const turn = (from, to, place) => (to.x - from.x) * (place.y - from.y) - (to.y - from.y) * (place.x - from.x);

/**
 * Whether two sides of an outline that do not meet cut each other.
 * @param {Place[]} outline
 */
function crosses(outline) {
  return outline.some((a, i) =>
    outline.some((c, j) => {
      if (j < i + 2 || (i === 0 && j === outline.length - 1)) return false;
      const [b, d] = [next(outline, i), next(outline, j)];
      return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
    }),
  );
}

/**
 * How far a place lies outside an outline; below nothing, inside.
 * @param {Place[]} outline
 * @param {Place} place
 */
function beside(outline, place) {
  let [inside, nearest] = [false, Number.POSITIVE_INFINITY];
  for (const [i, from] of outline.entries()) {
    const to = next(outline, i);
    const { x, y } = place;
    if (from.y > y !== to.y > y && x < from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x)) inside = !inside;
    const length = distance(from, to) ** 2 || 1;
    const along = ((x - from.x) * (to.x - from.x) + (y - from.y) * (to.y - from.y)) / length;
    const part = Math.min(Math.max(along, 0), 1);
    const foot = { x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y) };
    nearest = Math.min(nearest, distance(foot, place));
  }
  return inside ? -nearest : nearest;
}
