// What a reader takes along: a link, and a picture with its settings in the file, as PNG's specification has it, in a
// chunk "iTXt" ahead of the picture's values.

const HEAD = 8 + 25; // signature, and the first chunk: the picture's sides
const HELD_MS = 60_000; // a browser may ask where to put a file before it reads it

/**
 * @param {Uint8Array} file
 * @param {string} keyword Latin letters
 * @param {string} text
 */
function withText(file, keyword, text) {
  const utf8 = new TextEncoder();
  const content = [...utf8.encode(`iTXt${keyword}`), 0, 0, 0, 0, 0, ...utf8.encode(text)];
  const chunk = [...word(content.length - 4), ...content, ...word(crc(content))];
  return new Blob([file.slice(0, HEAD), Uint8Array.from(chunk), file.slice(HEAD)], { type: "image/png" });
}

/**
 * Whether the browser let a text be copied.
 * @param {string} text
 */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Saves what a canvas shows, with a text in the file.
 * @param {HTMLCanvasElement} canvas
 * @param {string} text
 * @param {string} name
 */
export async function save(canvas, text, name) {
  /** @type {Blob | null} */
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  if (!blob) return;
  download(withText(new Uint8Array(await blob.arrayBuffer()), "parameters", text), name);
}

/**
 * @param {Blob} file
 * @param {string} name
 */
export function download(file, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), HELD_MS);
}

/** @param {number} value */
const word = (value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);

/** @param {number[]} bytes */
function crc(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
