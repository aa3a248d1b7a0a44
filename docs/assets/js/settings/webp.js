// A WebP file -> its sides and texts: EXIF and XMP.

import { decoded, letters, Unread, viewOf } from "./bytes.js";
import { readExif } from "./exif.js";

/** @param {Uint8Array} bytes */
export const isWebp = (bytes) => letters(bytes, 0, 4) === "RIFF" && letters(bytes, 8, 4) === "WEBP";

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {import("./bytes.js").Found} found
 */
export async function readWebp(bytes, found) {
  const view = viewOf(bytes);
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    if (length > bytes.length - at - 8) throw new Unread("The file ends in the middle of a part; it is not whole.");
    const body = bytes.subarray(at + 8, at + 8 + length);
    await found.part(() => chunk(letters(bytes, at, 4), body, found));
    at += 8 + length + (length & 1);
  }
}

/**
 * @param {string} type
 * @param {Uint8Array<ArrayBuffer>} body
 * @param {import("./bytes.js").Found} found
 */
function chunk(type, body, found) {
  const view = viewOf(body);
  if (type === "EXIF") readExif(body, found);
  else if (type === "XMP ") found.add("xmp", decoded(body));
  else if (type === "VP8X") sides(found, 1 + (view.getUint32(4, true) & 0xffffff), 1 + (view.getUint32(6, true) >>> 8));
  else if (type === "VP8 ") sides(found, view.getUint16(6, true) & 0x3fff, view.getUint16(8, true) & 0x3fff);
  else if (type === "VP8L") {
    const packed = view.getUint32(1, true);
    sides(found, 1 + (packed & 0x3fff), 1 + ((packed >>> 14) & 0x3fff));
  }
}

/**
 * The first part that tells them is right: it stands for the whole picture.
 * @param {import("./bytes.js").Found} found
 * @param {number} width
 * @param {number} height
 */
function sides(found, width, height) {
  if (found.width) return;
  found.width = width;
  found.height = height;
}
