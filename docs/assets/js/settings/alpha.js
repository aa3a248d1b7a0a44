// A PNG's values -> the text in the last bits of its alpha channel, column by column, as NovelAI and some web interfaces hide
// one there: a name, a length in bits, the text. Read from the file itself: a canvas may answer with noise on purpose.

import { decoded, letters, MOST_TEXT, Unread, unpacked, viewOf } from "./bytes.js";
import { isJson, objectOf } from "./json.js";

const [PACKED, PLAIN] = ["stealth_pngcomp", "stealth_pnginfo"];
const BOTH = "stealth_png"; // how both names begin
const HEAD = PACKED.length + 4; // bytes before the text
const MOST_PIXELS = 100e6; // of a picture that is looked at
const PIXEL = 4; // bytes
const GRAPHS = ["Comment", "prompt", "workflow"]; // what an object holds that stands for several texts

/** The last bits of an alpha channel, as the picture's values come: eight a byte, column by column. */
class Bits {
  open = true; // rows are missing, and those of the first column begin as a name does
  #next = 0; // how far the next byte that counts lies ahead
  #column = -1; // before the first: the row's filter
  #row = 0;
  #filter = 0;
  #left = 0;
  #corner = 0;

  /**
   * @param {number} width
   * @param {number} height
   */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.bytes = new Uint8Array(Math.min(Math.floor((width * height) / 8), HEAD + MOST_TEXT));
    this.columns = Math.min(width, Math.ceil((8 * this.bytes.length) / height));
    this.above = new Uint8Array(this.columns);
  }

  /** @param {Uint8Array} values the next of the picture */
  add(values) {
    let at = this.#next;
    while (at < values.length && this.open) at += this.#take(values[at]);
    this.#next = at - values.length;
  }

  /** All rows have come. */
  get whole() {
    return this.#row >= this.height;
  }

  get named() {
    return this.#begins(BOTH.length);
  }

  /** @param {number} length bytes of the name */
  #begins(length) {
    for (let at = 0; at < length; at++) if (this.bytes[at] !== BOTH.charCodeAt(at)) return false;
    return true;
  }

  /**
   * Takes a row's filter or a pixel's alpha; how far ahead the next of these lies.
   * @param {number} value
   */
  #take(value) {
    if (this.#column < 0) [this.#filter, this.#left, this.#corner] = [value, 0, 0];
    else this.#put(value);
    if (++this.#column < this.columns) return PIXEL;
    this.#column = -1;
    this.#row++;
    this.open = !this.whole && this.#begins(Math.min(Math.floor(this.#row / 8), BOTH.length));
    return PIXEL * (this.width - this.columns) + 1;
  }

  /** @param {number} value as the filter left it */
  #put(value) {
    const up = this.above[this.#column];
    const alpha = (value + foretold(this.#filter, this.#left, up, this.#corner)) & 255;
    const bit = this.#column * this.height + this.#row;
    this.bytes[bit >> 3] |= (alpha & 1) << (7 - (bit & 7)); // past the end nothing is written
    [this.#left, this.#corner] = [alpha, up];
    this.above[this.#column] = alpha;
  }
}

/**
 * What a PNG's filter expects at a place, of its neighbours.
 * @param {number} filter
 * @param {number} left
 * @param {number} up
 * @param {number} corner
 */
function foretold(filter, left, up, corner) {
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return [0, left, up][filter] ?? 0;
  const [toLeft, toUp, toCorner] = [up - corner, left - corner, left + up - 2 * corner].map(Math.abs);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/**
 * Adds what is hidden to a file's texts, where it says something that they do not.
 * @param {Uint8Array} head the body of IHDR
 * @param {Uint8Array<ArrayBuffer>[]} values the bodies of IDAT
 * @param {import("./bytes.js").Found} found
 */
export async function readAlpha(head, values, found) {
  const [depth, colours, , , laced] = head.subarray(8);
  if (depth !== 8 || colours !== 6 || laced || found.width * found.height > MOST_PIXELS) return;
  const bits = new Bits(found.width, found.height);
  if (bits.bytes.length < HEAD) return;
  await fill(bits, values);
  if (!bits.named) return;
  if (!bits.whole) throw new Unread("The picture’s values end too early; what is hidden in them was left unread.");
  const known = new Set(found.texts.map(({ keyword }) => keyword));
  const texts = textsOf(await content(bits.bytes));
  const more = texts.filter(([keyword]) => !known.has(keyword));
  for (const [keyword, text] of more) found.add(keyword, text);
  found.hidden = more.length === texts.length; // else the file says it openly too
}

/**
 * @param {Bits} bits
 * @param {Uint8Array<ArrayBuffer>[]} values
 */
async function fill(bits, values) {
  const reader = new Blob(values).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  while (bits.open) {
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined })); // damaged: not whole
    if (done || !value) return;
    bits.add(value);
  }
  reader.cancel().catch(() => {}); // what stands behind it may be damaged
}

/**
 * The text behind its name and length.
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function content(bytes) {
  const name = letters(bytes, 0, PACKED.length);
  const length = Math.floor(viewOf(bytes).getUint32(PACKED.length) / 8);
  if (name !== PACKED && name !== PLAIN)
    throw new Unread("What is hidden in its alpha channel has no name that we know.");
  if (length > bytes.length - HEAD)
    throw new Unread("What is hidden in its alpha channel claims more room than there is; it was left unread.");
  const text = bytes.slice(HEAD, HEAD + length);
  return decoded(name === PACKED ? await unpacked(text, "gzip") : text);
}

/**
 * An object of NovelAI's or ComfyUI's stands for several texts; all else is one, as web interfaces write it.
 * @param {string} text
 * @returns {[string, string][]}
 */
function textsOf(text) {
  const object = isJson(text) ? objectOf(text) : {};
  if (!GRAPHS.some((name) => Object.hasOwn(object, name))) return [["parameters", text]];
  return Object.entries(object).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
}
