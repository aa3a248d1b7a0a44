// A text -> the ids that the model's CLIP tokenizer gives: pairs of bytes joined by rank, as its tokenizer.json says.

/**
 * @typedef {{ model: { vocab: Record<string, number>, merges: [string, string][] },
 *   added_tokens: { content: string, id: number }[] }} File tokenizer.json
 * @typedef {{ id: number, word: number, text: string }} Piece of which word of the text, counted from 0, and that word
 */

const WORDS = /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu;
const RUNS = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+/gu;
const SPECIAL = /(<\|startoftext\|>|<\|endoftext\|>)/;
const SPACE = /\p{White_Space}+/gu;
const [START, END] = ["<|startoftext|>", "<|endoftext|>"];
const LAST = "</w>"; // ends a word's last piece

export const ROOM = 77; // what CLIP's text encoder reads, start, end and padding included

export class Tokenizer {
  #ids;
  #ranks;
  #letters = letters();
  #utf8 = new TextEncoder();

  /** @param {File} file */
  constructor({ model, added_tokens }) {
    this.#ids = new Map(Object.entries(model.vocab));
    this.#ranks = new Map(model.merges.map((pair, rank) => [pair.join(" "), rank]));
    for (const { content, id } of added_tokens) this.#ids.set(content, id);
  }

  /**
   * Without start and end.
   * @param {string} text
   * @returns {Piece[]}
   */
  pieces(text) {
    /** @type {Piece[]} */
    const pieces = [];
    let word = 0;
    for (const part of text.split(SPECIAL)) {
      const runs = SPECIAL.test(part) ? [part] : plain(part).flatMap((run) => run.match(RUNS) ?? []);
      for (const run of runs) {
        const split = SPECIAL.test(run) ? [run] : this.#split(run);
        for (const piece of split) pieces.push({ id: this.#id(piece), word, text: run });
        word++;
      }
    }
    return pieces;
  }

  /**
   * As the text encoder is given them: cut and padded.
   * @param {string} text
   */
  ids(text) {
    const inner = this.pieces(text).slice(0, ROOM - 2);
    const ids = new Int32Array(ROOM).fill(this.#id(END));
    ids.set([this.#id(START), ...inner.map(({ id }) => id)]);
    return ids;
  }

  /** @param {string} piece */
  #id(piece) {
    return /** @type {number} */ (this.#ids.get(piece));
  }

  /** @param {string} run */
  #split(run) {
    const parts = Array.from(this.#utf8.encode(run), (byte) => this.#letters[byte]);
    parts[parts.length - 1] += LAST;
    for (;;) {
      const ranks = parts.slice(1).map((part, i) => this.#ranks.get(`${parts[i]} ${part}`) ?? Infinity);
      const best = Math.min(...ranks);
      if (best === Infinity) return parts;
      const at = ranks.indexOf(best);
      parts.splice(at, 2, parts[at] + parts[at + 1]);
    }
  }
}

/**
 * The words of a text in small letters, letter by letter: the tokenizer knows no rule for a letter at a word's end.
 * @param {string} text
 */
function plain(text) {
  const even = text.normalize("NFC").replace(SPACE, " ");
  return (
    [...even]
      .map((letter) => letter.toLowerCase())
      .join("")
      .match(WORDS) ?? []
  );
}

/** GPT-2's letter for each byte: printable ones are themselves, the others follow from 256 on. */
function letters() {
  /** @param {number} byte */
  const printable = (byte) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++));
}
