// An AVIF file -> its sides and texts: EXIF and XMP, as items that its boxes point at.

import { decoded, letters, Unread, viewOf } from "./bytes.js";
import { readExif } from "./exif.js";

const BRANDS = /^avi[fs]$/;
const BRAND = 4; // letters
const INSIDE = { meta: 4, iprp: 0, ipco: 0 }; // boxes that hold boxes, behind so many bytes
const MOST_BOXES = 10_000;
const MOST_ITEMS = 1000;
const DEEPEST = 8; // boxes in boxes: a tool needs three

/**
 * @typedef {{ ids: Map<number, string>, places: Map<number, [number, number]>, boxes: number }} Items what an item is, by
 *   its number, and where it lies
 * @typedef {import("./bytes.js").Found} Found
 */

/**
 * One of a file's first brands says so: HEIC photos are boxes of the same make.
 * @param {Uint8Array} bytes
 */
export function isAvif(bytes) {
  if (bytes.length < 16 || letters(bytes, 4, 4) !== "ftyp") return false;
  const { head, length } = sized(viewOf(bytes), 0);
  for (let at = head; at + BRAND <= Math.min(length, 256); at += BRAND)
    if (at !== head + BRAND && BRANDS.test(letters(bytes, at, BRAND))) return true;
  return false;
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {Found} found
 */
export async function readAvif(bytes, found) {
  /** @type {Items} */
  const items = { ids: new Map(), places: new Map(), boxes: 0 };
  await found.part(() => boxes(bytes, items, found, 1)); // a broken box takes no item with it that was told before
  for (const [id, kind] of items.ids) {
    const [at, length] = items.places.get(id) ?? [0, 0];
    const body = bytes.subarray(at, at + length);
    if (kind === "Exif" && length > 4)
      await found.part(() => readExif(body.subarray(4 + viewOf(body).getUint32(0)), found));
    if (kind === "mime" && length) await found.part(() => found.add("xmp", decoded(body)));
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {Items} items
 * @param {Found} found
 * @param {number} depth
 */
function boxes(bytes, items, found, depth) {
  if (depth > DEEPEST) throw new Unread(`Boxes nested more than ${DEEPEST} deep were left unread.`);
  const view = viewOf(bytes);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const type = letters(bytes, at + 4, 4);
    const { head, length } = sized(view, at);
    if (++items.boxes > MOST_BOXES)
      throw new Unread("The file has more boxes than any tool writes; it was not read on.");
    if (length < head) throw new Unread("A box of the file is shorter than its own head; it was left unread.");
    if (length > bytes.length - at)
      throw new Unread("A box of the file is longer than what is left of it; it was left unread.");
    const body = bytes.subarray(at + head, at + length);
    if (type in INSIDE) boxes(body.subarray(INSIDE[/** @type {keyof INSIDE} */ (type)]), items, found, depth + 1);
    else if (type === "iinf") names(body, items);
    else if (type === "iloc") places(body, items);
    else if (type === "ispe" && !found.width) {
      found.width = viewOf(body).getUint32(4);
      found.height = viewOf(body).getUint32(8);
    }
    at += length;
  }
}

/**
 * The bytes of a box, and of its head: four that tell how long it is, eight behind its name where these tell one, and where
 * they tell nothing all that is left.
 * @param {DataView} view
 * @param {number} at
 */
function sized(view, at) {
  const told = view.getUint32(at);
  if (told === 1) return { head: 16, length: Number(view.getBigUint64(at + 8)) };
  return { head: 8, length: told || view.byteLength - at };
}

/**
 * @param {Uint8Array} body
 * @param {Items} items
 */
function names(body, items) {
  const view = viewOf(body);
  for (let at = body[0] ? 8 : 6; at + 20 <= body.length && items.ids.size < MOST_ITEMS; ) {
    const { head, length } = sized(view, at);
    const wide = body[at + head] > 2; // version 3: four bytes for a number
    const id = wide ? view.getUint32(at + head + 4) : view.getUint16(at + head + 4);
    items.ids.set(id, letters(body, at + head + (wide ? 10 : 8), 4));
    at += Math.max(length, 20);
  }
}

/**
 * @param {Uint8Array} body
 * @param {Items} items
 */
function places(body, items) {
  const [view, version] = [viewOf(body), body[0]];
  const widths = [body[4] >> 4, body[4] & 15, body[5] >> 4, version ? body[5] & 15 : 0];
  let at = 6;
  /** @param {number} width */
  const number = (width) => {
    const from = at;
    at += width;
    if (width === 8) return Number(view.getBigUint64(from));
    return width === 4 ? view.getUint32(from) : width === 2 ? view.getUint16(from) : 0;
  };
  for (let left = Math.min(number(version < 2 ? 2 : 4), MOST_ITEMS); left > 0; left--) {
    const id = number(version < 2 ? 2 : 4);
    at += (version ? 2 : 0) + 2;
    const base = number(widths[2]);
    const extents = number(2);
    if (!extents) continue;
    number(widths[3]);
    items.places.set(id, [base + number(widths[0]), number(widths[1])]);
    at += (extents - 1) * (widths[3] + widths[0] + widths[1]); // the rest of an item in pieces: none has texts
  }
}
