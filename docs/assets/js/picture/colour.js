// Colours as the eye parts them: light -> Lab, how far two lie apart, and both in plain words.

/** @typedef {[number, number, number]} Lab lightness 0 to 100; red against green; yellow against blue */

const WHITE = [0.95047, 1, 1.08883]; // of a screen's daylight
const TO_XYZ = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
// OKLab's way to hues: pure blue stands beside other blues there, where Lab has it among the violets
const CONES = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const RED_GREEN = [1.977998495, -2.4285922, 0.4505937099];
const YELLOW_BLUE = [0.0259040371, 0.7827717662, -0.808675766];
/** @type {[number, string][]} */
const HUES = [
  [15, "pink"],
  [40, "red"],
  [85, "orange"],
  [118, "yellow"],
  [165, "green"],
  [215, "turquoise"],
  [275, "blue"],
  [318, "violet"],
  [360, "pink"],
]; // where each ends, in degrees of OKLab
/** @type {[number, string][]} */
const APART = [
  [2.5, "as good as the same"],
  [6, "a difference that shows only side by side"],
  [15, "somewhat different"],
  [35, "clearly different"],
  [Number.POSITIVE_INFINITY, "far apart"],
];

/** @param {number} value 0 to 255, as a screen's */
export const light = (value) => (value <= 10.31 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);

/**
 * @param {number[]} rgb light in red, green and blue, 0 to 1
 * @returns {Lab}
 */
export function lab(rgb) {
  const [x, y, z] = TO_XYZ.map((row, i) => curve(row.reduce((sum, part, j) => sum + part * rgb[j], 0) / WHITE[i]));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** @param {number} t */
const curve = (t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);

/**
 * @param {Lab} one
 * @param {Lab} other
 */
export const apart = (one, other) => Math.hypot(...one.map((value, i) => value - other[i]));

/**
 * What a distance means to an eye.
 * @param {number} distance
 */
export const inWords = (distance) => /** @type {[number, string]} */ (APART.find(([end]) => distance <= end))[1];

/**
 * A colour's plain name: how light, how strong, which.
 * @param {number[]} rgb light in red, green and blue, 0 to 1
 */
export function named(rgb) {
  const [lightness, a, b] = lab(rgb);
  const chroma = Math.hypot(a, b);
  if (chroma < 5 || (lightness < 18 && chroma < 10) || (lightness < 12 && chroma < 15)) return grey(lightness);
  const angle = hue(rgb);
  const soft = softened(angle, lightness, chroma);
  if (soft) return `${lightness < 30 ? "dark " : ""}${chroma < 10 ? "greyish " : ""}${soft}`;
  const [, name] = /** @type {[number, string]} */ (HUES.find(([end]) => angle <= end));
  if (lightness < 30 || (name === "yellow" && lightness < 80)) return `dark ${name}`;
  if (chroma > (lightness > 75 ? 80 : 60)) return `strong ${name}`;
  return `${lightness > 75 ? "light " : ""}${chroma < 14 ? "greyish " : ""}${name}`;
}

/**
 * Names that a hue has where it is pale, dull or dark: nobody calls a desert orange. Nothing where it keeps its own.
 * @param {number} angle
 * @param {number} lightness
 * @param {number} chroma
 */
function softened(angle, lightness, chroma) {
  if (angle >= 318 || angle < 15) return lightness >= 45 ? "" : angle >= 318 && angle < 345 ? "violet" : "red";
  if (angle < 40) return lightness > 60 && chroma < 60 ? "pink" : "";
  if (angle >= 118) return "";
  if (lightness < 60) return angle < 88 ? "brown" : "olive";
  if (lightness >= 83) return chroma < 36 ? "beige" : "";
  return chroma < 40 ? "tan" : "";
}

/**
 * In degrees.
 * @param {number[]} rgb light
 */
function hue(rgb) {
  const cones = CONES.map((row) => Math.cbrt(row.reduce((sum, part, j) => sum + part * rgb[j], 0)));
  const [a, b] = [RED_GREEN, YELLOW_BLUE].map((row) => row.reduce((sum, part, j) => sum + part * cones[j], 0));
  return ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
}

/** @param {number} lightness */
function grey(lightness) {
  if (lightness < 18) return "almost black";
  if (lightness > 93) return "almost white";
  return lightness < 35 ? "dark grey" : lightness > 72 ? "light grey" : "grey";
}
