// What judges look at: a picture, which part of it they may see, and what its surface measures, as in gen/study/judging.

import { between } from "./reads.js";

/**
 * @typedef {{ height: number, width: number }} Size
 * @typedef {Size & { values: Float32Array }} Plane one value a place
 */

const SCALES = [2, 4, 8, 16];
const TINTED = [2, 8]; // of these, where colours are told by brightness
const BINS = 9; // of brightness
const STRONG = [0.1, 0.3];
const LIGHT = [0.2126, 0.7152, 0.0722]; // Rec. 709
const NONE = 1e-3; // an area may be empty

/** How many numbers `measures` gives. */
export const MEASURES = 6 + SCALES.length * (16 + 6) + TINTED.length * BINS * 4;

/**
 * @param {Plane} plane
 * @param {(value: number, i: number) => number} how
 * @returns {Plane}
 */
export const mapped = ({ values, height, width }, how) => ({ values: values.map(how), height, width });

/**
 * Means of squares of places.
 * @param {Plane} plane
 * @param {number} by a square's side
 * @returns {Plane}
 */
export function pooled({ values, height, width }, by) {
  const [h, w] = [Math.floor(height / by), Math.floor(width / by)];
  const sums = new Float32Array(h * w);
  for (let y = 0; y < h * by; y++)
    for (let x = 0; x < w * by; x++) sums[Math.floor(y / by) * w + Math.floor(x / by)] += values[y * width + x];
  return { values: sums.map((sum) => sum / by ** 2), height: h, width: w };
}

/** @param {number} value halves go to the even neighbour, as numpy's and torch's do */
export function rounded(value) {
  const down = Math.floor(value);
  return value - down === 0.5 ? down + (down % 2) : Math.round(value);
}

/**
 * Larger or as large, bilinearly.
 * @param {Plane} plane
 * @param {Size} size
 * @returns {Plane}
 */
export function enlarged({ values, height, width }, size) {
  const [ys, xs] = [between(size.height, height), between(size.width, width)];
  const out = new Float32Array(size.height * size.width);
  ys.forEach(([y0, y1, down], y) => {
    xs.forEach(([x0, x1, right], x) => {
      const row = (/** @type {number} */ at) => (1 - right) * values[at * width + x0] + right * values[at * width + x1];
      out[y * size.width + x] = (1 - down) * row(y0) + down * row(y1);
    });
  });
  return { values: out, ...size };
}

// --- what a judge may see

/**
 * Where the bodywork surely is: 1, elsewhere 0.
 * @param {Plane} body 1 where bodywork is
 * @param {number} margin
 */
export const inside = (body, margin) => not(grown(not(body), margin));

/**
 * Where surely nothing of the car is: windows and wheels are shut away with the bodywork on both sides of them.
 * @param {Plane} body
 * @param {number} margin
 */
export function around(body, margin) {
  const solid = closed(grown(inside(body, 1), 1));
  return not(
    grown(
      mapped(solid, (value, i) => Math.max(value, body.values[i])),
      margin,
    ),
  );
}

/** @param {Plane} plane */
const not = (plane) => mapped(plane, (value) => 1 - value);

/**
 * @param {Plane} plane
 * @param {number} margin
 */
function grown(plane, margin) {
  const { height, width } = plane;
  const across = mapped(plane, (_, i) => most(plane.values, i, 1, i % width, width, margin));
  return mapped(plane, (_, i) => most(across.values, i, width, Math.floor(i / width), height, margin));
}

/**
 * The largest value of a line's places near one.
 * @param {Float32Array} values
 * @param {number} at the place
 * @param {number} stride of the line
 * @param {number} here the place's number on it
 * @param {number} count of its places
 * @param {number} margin
 */
function most(values, at, stride, here, count, margin) {
  let high = 0;
  for (let k = Math.max(-margin, -here); k <= Math.min(margin, count - 1 - here); k++)
    high = Math.max(high, values[at + k * stride]);
  return high;
}

/**
 * The mask, and what lies in it between two of its places of a row or a column.
 * @param {Plane} plane
 */
function closed(plane) {
  const out = mapped(plane, () => 0);
  const { values, height, width } = plane;
  /** @param {number} first @param {number} stride @param {number} count */
  const fill = (first, stride, count) => {
    const line = Array.from({ length: count }, (_, k) => values[first + k * stride]);
    for (let k = line.indexOf(1); k >= 0 && k <= line.lastIndexOf(1); k++) out.values[first + k * stride] = 1;
  };
  for (let y = 0; y < height; y++) fill(y * width, 1, width);
  for (let x = 0; x < width; x++) fill(x, width, height);
  return out;
}

// --- what a surface measures

/**
 * @param {Plane[]} picture red, green and blue, -1 to 1
 * @param {Plane} area of it, which may be empty
 * @returns {number[]}
 */
export function measures(picture, area) {
  const values = colours(picture, not(area));
  for (const scale of SCALES) {
    const seen = picture.map((plane) => pooled(plane, scale));
    const within = pooled(area, scale);
    const bright = mapped(seen[0], (_, i) => seen.reduce((sum, { values }, c) => sum + LIGHT[c] * values[i], 0));
    values.push(...contrasts(bright, within), ...colours(seen, within));
    if (TINTED.includes(scale)) values.push(...tints(seen, bright, within));
  }
  return values;
}

/**
 * @param {Plane} bright
 * @param {Plane} area
 */
function contrasts(bright, area) {
  /** @type {number[]} */
  const values = [];
  for (const down of [0, 1]) {
    const [one, where] = [neighbours(bright, down, (a, b) => b - a), neighbours(area, down, Math.min)];
    const two = /** @type {const} */ ([neighbours(one, down, (a, b) => b - a), neighbours(where, down, Math.min)]);
    for (const [change, there] of [[one, where], two]) {
      const size = mapped(change, Math.abs);
      values.push(
        Math.log(mean(size, there) + 1e-3),
        Math.log(
          mean(
            mapped(size, (s) => s * s),
            there,
          ) + 1e-5,
        ),
      );
      for (const strong of STRONG)
        values.push(
          mean(
            mapped(size, (s) => Number(s > strong)),
            there,
          ),
        );
    }
  }
  return values;
}

/**
 * Something of every place and the next one.
 * @param {Plane} plane
 * @param {number} down 1 for the one below, 0 for the one beside
 * @param {(a: number, b: number) => number} how
 * @returns {Plane}
 */
function neighbours(plane, down, how) {
  const [height, width] = [plane.height - down, plane.width - 1 + down];
  const next = down ? plane.width : 1;
  const values = new Float32Array(height * width).map((_, i) => {
    const at = Math.floor(i / width) * plane.width + (i % width);
    return how(plane.values[at], plane.values[at + next]);
  });
  return { values, height, width };
}

/**
 * @param {Plane[]} picture
 * @param {Plane} area
 */
function colours(picture, area) {
  const means = picture.map((plane) => mean(plane, area));
  const spreads = picture.map((plane, c) =>
    mean(
      mapped(plane, (value) => (value - means[c]) ** 2),
      area,
    ),
  );
  return [...means, ...spreads.map((spread) => 0.5 * Math.log(spread + 1e-5))];
}

/**
 * Of each brightness: how much of the area has it, and how its colour differs from grey.
 * @param {Plane[]} picture
 * @param {Plane} bright
 * @param {Plane} area
 */
function tints(picture, bright, area) {
  const whole = total(area) + NONE;
  return Array.from({ length: BINS }, (_, bin) => {
    const middle = -1 + (2 * bin) / (BINS - 1);
    const near = (/** @type {number} */ value) => Math.max(0, 1 - (Math.abs(value - middle) * (BINS - 1)) / 2);
    const here = mapped(bright, (value, i) => near(value) * area.values[i]);
    const tint = (/** @type {Plane} */ plane) =>
      mean(
        mapped(plane, (value, i) => value - bright.values[i]),
        here,
      );
    return [total(here) / whole, ...picture.map(tint)];
  }).flat();
}

/** @param {Plane} plane */
const total = ({ values }) => values.reduce((sum, value) => sum + value, 0);

/**
 * @param {Plane} plane
 * @param {Plane} area
 */
const mean = ({ values }, area) => values.reduce((sum, v, i) => sum + v * area.values[i], 0) / (total(area) + NONE);
