// What is read of a picture's file: bytes at a place, texts in the encodings that tools write, and the bounds of all of it.

export const MOST_BYTES = 100e6; // of a file
export const MOST_TEXT = 4e6; // bytes of one text, unpacked
const SLICE = 4096; // bytes that are unpacked at a time: a thousand times as many, at most
const MOST_TEXTS = 200;
const MOST_LETTERS = 3 * MOST_TEXT; // of all texts together
const MOST_PARTS = 200_000;
const TOO_MUCH = "More texts or broken parts are in it than any tool writes; it was not read on.";
const MOST_FAULTS = 10; // a file with more is not read on

/** Why something was left unread: one line, for a reader. */
export class Unread extends Error {}

/**
 * What a file turned out to hold.
 * @typedef {{ keyword: string, text: string }} Text
 */
export class Found {
  kind = "";
  width = 0;
  height = 0;
  /** @type {Text[]} */
  texts = [];
  hidden = false; // some of the texts stood in the picture itself
  /** @type {string[]} what was left unread, a line each */
  faults = [];
  #letters = 0;
  #parts = 0;

  /**
   * @param {string} keyword
   * @param {string} text
   */
  add(keyword, text) {
    this.#letters += text.length;
    if (this.#full) throw new Unread(TOO_MUCH);
    let end = text.length; // walked back: a pattern would begin anew at each nought of a long row
    while (end && text.charCodeAt(end - 1) === 0) end--;
    this.texts.push({ keyword, text: text.slice(0, end) });
  }

  get #full() {
    return this.texts.length >= MOST_TEXTS || this.#letters > MOST_LETTERS;
  }

  /**
   * Reads a part; where it cannot be read, says so and lets the others follow.
   * @param {() => void | Promise<void>} read
   */
  async part(read) {
    const over = ++this.#parts > MOST_PARTS || this.faults.length >= MOST_FAULTS || this.#full;
    if (over)
      throw new Unread("The file has more parts, or more broken ones, than any tool writes; it was not read on.");
    try {
      await read();
    } catch (error) {
      this.faults.push(why(error));
    }
  }
}

/**
 * The line that says why something was left unread; what is none of ours is damage that shows as a place outside the file.
 * @param {unknown} error
 */
export function why(error) {
  if (error instanceof Unread) return error.message;
  if (error instanceof RangeError || error instanceof TypeError)
    return "A part of the file is damaged and was left unread.";
  throw error;
}

/** @param {Uint8Array} bytes */
export function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Letters of one byte each, as the names of a file's parts have them.
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} length
 */
export function letters(bytes, at, length) {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

/**
 * A text that says nothing of its encoding: UTF-8 where it is valid, else one byte a letter, as PNG has it.
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export function decoded(bytes) {
  if (bytes.length > MOST_TEXT) throw new Unread(`A text of more than ${MOST_TEXT / 1e6} MB was left unread.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}

/**
 * Unpacks as much as a text may have and no more.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionFormat} format
 */
export async function unpacked(bytes, format) {
  const reader = inSlices(bytes).pipeThrough(new DecompressionStream(format)).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => damaged());
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    size += value.length;
    if (size > MOST_TEXT) {
      reader.cancel();
      throw new Unread(`A text that unpacks to more than ${MOST_TEXT / 1e6} MB was left unread.`);
    }
    parts.push(value);
  }
}

/**
 * A browser unpacks all of a slice before it hands any of it on.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
function inSlices(bytes) {
  let at = 0;
  return new ReadableStream({
    pull(to) {
      to.enqueue(bytes.slice(at, at + SLICE));
      at += SLICE;
      if (at >= bytes.length) to.close();
    },
  });
}

/** @returns {never} */
function damaged() {
  throw new Unread("A packed text is damaged and was left unread.");
}
