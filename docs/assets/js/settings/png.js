// A PNG file -> its sides and texts: chunks tEXt, zTXt, iTXt and eXIf, and what hides in its alpha channel.

import { readAlpha } from "./alpha.js";
import { decoded, letters, Unread, unpacked, viewOf } from "./bytes.js";
import { readExif } from "./exif.js";

const XMP = "XML:com.adobe.xmp";

/** @param {Uint8Array} bytes */
export const isPng = (bytes) => letters(bytes, 0, 8) === "\x89PNG\r\n\x1a\n";

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {import("./bytes.js").Found} found
 */
export async function readPng(bytes, found) {
  const view = viewOf(bytes);
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const values = [];
  let head = new Uint8Array();
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = letters(bytes, at + 4, 4);
    if (length > bytes.length - at - 12) throw new Unread("The file ends in the middle of a part; it is not whole.");
    const body = bytes.subarray(at + 8, at + 8 + length);
    await found.part(() => readChunk(type, body, found));
    if (type === "IHDR") head = body;
    if (type === "IDAT") values.push(body);
    if (type === "IEND") return found.part(() => readAlpha(head, values, found));
    at += 12 + length;
  }
  found.faults.push("The file ends before its last part; it is not whole.");
}

/**
 * @param {string} type
 * @param {Uint8Array<ArrayBuffer>} body
 * @param {import("./bytes.js").Found} found
 */
async function readChunk(type, body, found) {
  if (type === "IHDR") {
    found.width = viewOf(body).getUint32(0);
    found.height = viewOf(body).getUint32(4);
  } else if (type === "eXIf") readExif(body, found);
  else if (type === "tEXt" || type === "zTXt" || type === "iTXt") {
    const end = body.indexOf(0);
    if (end < 1) throw new Unread(`A part ${type} has no name and was left unread.`);
    const keyword = letters(body, 0, Math.min(end, 80));
    const text = decoded(await content(type, body.subarray(end + 1)));
    found.add(keyword === XMP ? "xmp" : keyword, text);
  }
}

/**
 * The text's bytes, behind its name.
 * @param {string} type
 * @param {Uint8Array<ArrayBuffer>} rest
 */
async function content(type, rest) {
  if (type === "tEXt") return rest;
  if (type === "zTXt") return unpacked(rest.subarray(1), "deflate");
  const language = rest.indexOf(0, 2);
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (translated < 0) throw new Unread("A part iTXt is cut short and was left unread.");
  const text = rest.subarray(translated + 1);
  return rest[0] ? unpacked(text, "deflate") : text;
}
