// Colours as the eye parts them: light -> Lab, how far two lie apart, and both in plain words.

/** @typedef {[number, number, number]} Lab lightness 0 to 100; red against green; yellow against blue */

const WHITE = [0.95047, 1, 1.08883]; // of a screen's daylight
const TO_XYZ = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
/** @type {[number, string][]} */
const HUES = [
  [15, "pink"],
  [48, "red"],
  [75, "orange"],
  [105, "yellow"],
  [175, "green"],
  [220, "turquoise"],
  [290, "blue"],
  [325, "violet"],
  [360, "pink"],
]; // where each ends, in degrees of Lab
/** @type {[number, string][]} */
const APART = [
  [2.5, "as good as the same"],
  [6, "so close that they differ only side by side"],
  [15, "akin"],
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
 * A colour's name: how light, how strong, which.
 * @param {Lab} colour
 */
export function named([lightness, a, b]) {
  const chroma = Math.hypot(a, b);
  if (chroma < 5) return grey(lightness);
  const angle = ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
  const [, hue] = /** @type {[number, string]} */ (HUES.find(([end]) => angle <= end));
  const brown = lightness < 60 && (hue === "orange" || (hue === "yellow" && angle < 88));
  const strength = chroma < 14 ? "greyish " : chroma > 60 ? "strong " : "";
  const depth = lightness < 30 ? "dark " : lightness > 75 ? "light " : "";
  return `${depth}${strength}${brown ? "brown" : hue}`;
}

/** @param {number} lightness */
function grey(lightness) {
  if (lightness < 12) return "almost black";
  if (lightness > 93) return "almost white";
  return lightness < 35 ? "dark grey" : lightness > 72 ? "light grey" : "grey";
}
