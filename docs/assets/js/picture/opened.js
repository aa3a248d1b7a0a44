// A file that a reader brings: read, unpacked, and named, so that marks hold only for the picture they were made on.

/** @typedef {import("../settings/read.js").Read} Read */
/** @typedef {{ bench: typeof import("./bench.js"), told: Read, bitmap: ImageBitmap | null, name: string, says: string }} Opened
 *   what works on it; what the file told; its picture, if it can be shown; its name in an address; one line where there is
 *   something to say */

const MOST_BYTES = 100e6; // that are read
const MOST_SIDES = 100e6; // pixels that a browser is asked to unpack
const SAMPLES = 65_536; // bytes that a name is made of
const NO_SCRIPT = "Our script did not come. Is there a connection? Bring it again, or load this page anew.";
const NO_FILE = "This cannot be read: is it a file, and still where it was? Bring it again.";

/** Why a file was not opened: one line, for a reader. */
export class NotOpened extends Error {}

/**
 * Rejects with NotOpened.
 * @param {Blob} file
 * @returns {Promise<Opened>}
 */
export async function opened(file) {
  const bench = await import("./bench.js").catch(() => refuse(NO_SCRIPT));
  const part = file.slice(0, MOST_BYTES + 1).arrayBuffer();
  const bytes = new Uint8Array(await part.catch(() => refuse(NO_FILE)));
  const told = await bench.read(bytes);
  const over = told.width * told.height > MOST_SIDES;
  const bitmap = !told.kind || over ? null : await createImageBitmap(file).catch(() => null);
  const why = over
    ? `${told.width} × ${told.height} pixels are more than a page can unpack: bring a smaller copy.`
    : `Your browser cannot open this ${told.kind}: is the file whole? Save it again as JPEG or PNG.`;
  return { bench, told, bitmap, name: named(bytes), says: bitmap ? "" : told.kind ? why : told.says };
}

/**
 * @param {string} says
 * @returns {never}
 */
function refuse(says) {
  throw new NotOpened(says);
}

/**
 * Eight letters that another file has hardly ever: of its length, and of bytes from all over it.
 * @param {Uint8Array} bytes
 */
function named(bytes) {
  const step = Math.max(1, Math.floor(bytes.length / SAMPLES));
  let sum = 0x811c9dc5 ^ bytes.length;
  for (let at = 0; at < bytes.length; at += step) sum = Math.imul(sum ^ bytes[at], 0x01000193);
  return (sum >>> 0).toString(16).padStart(8, "0");
}
