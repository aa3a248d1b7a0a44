// A JPEG file -> its sides and texts: EXIF, XMP and comments.

import { decoded, letters, Unread, viewOf } from "./bytes.js";
import { readExif } from "./exif.js";

const [COMMENT, APP1, SCAN, END] = [0xfe, 0xe1, 0xda, 0xd9];
const NO_SIZE = new Set([0xc4, 0xc8, 0xcc]); // among the markers of frames

/** @param {Uint8Array} bytes */
export const isJpeg = (bytes) => letters(bytes, 0, 3) === "\xff\xd8\xff";

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {import("./bytes.js").Found} found
 */
export async function readJpeg(bytes, found) {
  const view = viewOf(bytes);
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff)
      throw new Unread("A part of the file is not where it should be; what follows was left unread.");
    if (marker === SCAN || marker === END) return;
    const length = marker === 0xff ? -1 : view.getUint16(at + 2); // bytes 0xff may fill a gap
    if (length >= 0) await found.part(() => segment(marker, bytes.subarray(at + 4, at + 2 + length), found));
    if (length > bytes.length - at - 2) throw new Unread("The file ends in the middle of a part; it is not whole.");
    at += length < 0 ? 1 : 2 + Math.max(length, 2);
  }
  found.faults.push("The file ends before its picture; it is not whole.");
}

/**
 * @param {number} marker
 * @param {Uint8Array<ArrayBuffer>} body
 * @param {import("./bytes.js").Found} found
 */
function segment(marker, body, found) {
  if (marker >= 0xc0 && marker <= 0xcf && !NO_SIZE.has(marker)) {
    found.height = viewOf(body).getUint16(1);
    found.width = viewOf(body).getUint16(3);
  } else if (marker === COMMENT) found.add("comment", decoded(body));
  else if (marker === APP1 && letters(body, 0, 4) === "Exif") readExif(body, found);
  else if (marker === APP1) found.add("xmp", decoded(body));
}
