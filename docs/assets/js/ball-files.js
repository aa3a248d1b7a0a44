// What is read of the pictures that a ball needs: how a door faces, where the sun stands.

import { come } from "./come.js";

/** @typedef {import("./ball-looks.js").Normals} Normals */

const SUN_HEIGHTS = 90; // rows of the upper half of the surroundings in which the sun is looked for

/**
 * A door's picture as numbers, four a place: how it faces to the right and up, how much of the place is door, nothing.
 * See gen/measure/kit/turntable.py for how it is packed.
 * @param {HTMLImageElement} image
 * @returns {Normals}
 */
export function unpacked(image) {
  const { naturalWidth: width, naturalHeight: height } = image;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const values = new Float32Array(4 * width * height);
  for (let i = 0; i < values.length; i += 4) {
    const share = (data[i + 2] >> 4) / 15;
    values[i] = direction(data[i], data[i + 2] & 3);
    values[i + 1] = direction(data[i + 1], (data[i + 2] >> 2) & 3);
    values[i + 2] = share;
  }
  return { width, height, values };
}

/**
 * @param {number} high
 * @param {number} low
 */
const direction = (high, low) => ((high << 2) | low) / 511.5 - 1;

/**
 * A picture of the surroundings, decoded beside the page: from an image, WebGL would have it decoded again, and all waits.
 * Rejects where it does not come; asked for as an image first, an answer that was none would be kept for the next try.
 * @param {string} src
 */
export async function unrolled(src) {
  const stored = await fetch(src);
  if (!stored.ok) throw new Error(`${src}: ${stored.status}`);
  const file = await stored.blob();
  await come(src); // to be shown
  return { src, bits: await createImageBitmap(file, { colorSpaceConversion: "none" }) };
}

/**
 * How high the brightest place of a picture of the surroundings is, so many degrees to the right of its middle.
 * @param {ImageBitmap} image
 * @param {number} right
 */
export function brightest(image, right) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 5, height: 2 * SUN_HEIGHTS });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const { width: wide, height: high } = image;
  context.drawImage(image, ((right - 2.5 + 180) / 360) * wide, 0, (5 / 360) * wide, high, 0, 0, 5, 2 * SUN_HEIGHTS);
  const { data } = context.getImageData(2, 0, 1, SUN_HEIGHTS);
  const light = Array.from({ length: SUN_HEIGHTS }, (_, row) => data[4 * row] + data[4 * row + 1] + data[4 * row + 2]);
  const most = Math.max(...light);
  const rows = light.flatMap((level, row) => (level > most - 4 ? [row] : []));
  return 90 - (rows[0] + rows[rows.length - 1] + 1) / 2;
}
