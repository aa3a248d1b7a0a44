// EXIF -> its texts: descriptions and comments, in which tools that write no PNG put what others put into its texts.

import { decoded, letters, MOST_TEXT, Unread, viewOf } from "./bytes.js";

const DIRECTORY = 0x8769; // leads to a second one
const COMMENT = 0x9286;
const NAMES = new Map([
  [0x010e, "description"],
  [0x010f, "make"],
  [0x0110, "camera"],
  [0x0131, "Software"],
  [0x9c9c, "comment"],
  [COMMENT, "UserComment"],
]);
const WIDTHS = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8]; // bytes of a value, by its type
const UTF16 = 0x9c9c; // Windows' own comment has no code ahead of it
const LABELLED = /^(prompt|workflow|parameters):\s*/i; // how ComfyUI names what it puts under a camera's name
const ENTRIES = 1000;
const DIRECTORIES = 20;

/**
 * @param {Uint8Array<ArrayBuffer>} bytes with or without "Exif" ahead
 * @param {import("./bytes.js").Found} found
 */
export function readExif(bytes, found) {
  const body = letters(bytes, 0, 6) === "Exif\0\0" ? bytes.subarray(6) : bytes;
  const order = letters(body, 0, 2);
  if (order !== "II" && order !== "MM") throw new Unread("An EXIF part does not begin as one and was left unread.");
  const view = viewOf(body);
  const seen = new Set();
  const next = [view.getUint32(4, order === "II")];
  for (let at = next.pop(); at !== undefined && !seen.has(at); at = next.pop()) {
    if (seen.size >= DIRECTORIES)
      throw new Unread("An EXIF part has more directories than any tool writes; it was not read on.");
    seen.add(at);
    next.push(...directory(body, at, order === "II", found));
  }
}

/**
 * One directory's texts; where others are.
 * @param {Uint8Array<ArrayBuffer>} body
 * @param {number} at
 * @param {boolean} little
 * @param {import("./bytes.js").Found} found
 */
function directory(body, at, little, found) {
  const view = viewOf(body);
  const others = [];
  const count = Math.min(view.getUint16(at, little), ENTRIES);
  for (let entry = at + 2; entry < at + 2 + 12 * count; entry += 12) {
    const tag = view.getUint16(entry, little);
    if (tag === DIRECTORY) others.push(view.getUint32(entry + 8, little));
    const name = NAMES.get(tag);
    if (name) addText(name, tag, bytesOf(body, entry, little), little, found);
  }
  return others;
}

/**
 * The bytes of an entry's value, which lies in it or elsewhere.
 * @param {Uint8Array<ArrayBuffer>} body
 * @param {number} entry
 * @param {boolean} little
 */
function bytesOf(body, entry, little) {
  const view = viewOf(body);
  const size = (WIDTHS[view.getUint16(entry + 2, little)] ?? 0) * view.getUint32(entry + 4, little);
  const at = size > 4 ? view.getUint32(entry + 8, little) : entry + 8;
  if (size > MOST_TEXT || at + size > body.length) throw new Unread("An EXIF text says it is longer than the file.");
  return body.subarray(at, at + size);
}

/**
 * @param {string} name
 * @param {number} tag
 * @param {Uint8Array<ArrayBuffer>} value
 * @param {boolean} little
 * @param {import("./bytes.js").Found} found
 */
function addText(name, tag, value, little, found) {
  const text = tag === COMMENT ? comment(value, little) : tag === UTF16 ? wide(value, true) : decoded(value);
  const label = LABELLED.exec(text);
  found.add(label ? label[1].toLowerCase() : name, label ? text.slice(label[0].length) : text);
}

/**
 * A comment, whose first eight bytes name its letters.
 * @param {Uint8Array<ArrayBuffer>} value
 * @param {boolean} little
 */
function comment(value, little) {
  const code = letters(value, 0, 8);
  const rest = value.subarray(8);
  if (code === "UNICODE\0") return wide(rest, little);
  return decoded(/^(ASCII\0{3}|JIS\0{5}|\0{8})$/.test(code) ? rest : value);
}

/**
 * Two bytes a letter. Which comes first, the bytes tell: of most letters one is nought. Tools differ from their files' order.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {boolean} little where the bytes do not tell
 */
function wide(bytes, little) {
  const marked = [letters(bytes, 0, 2)].find((mark) => mark === "\xff\xfe" || mark === "\xfe\xff");
  let [even, odd] = [0, 0];
  for (let at = 0; at + 1 < Math.min(bytes.length, 400); at += 2) {
    even += Number(bytes[at] === 0);
    odd += Number(bytes[at + 1] === 0);
  }
  const first = marked ? marked === "\xff\xfe" : even === odd ? little : odd > even;
  return new TextDecoder(first ? "utf-16le" : "utf-16be").decode(bytes);
}
