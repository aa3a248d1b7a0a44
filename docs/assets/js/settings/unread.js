// What a file is that is no PNG, JPEG, WebP or AVIF, by its first bytes: its name, and what to do about it, in one line.

import { letters } from "./bytes.js";

const HEAD = 1024; // bytes that are looked at
const SAVE = "which this page does not read: save it as JPEG or PNG, and bring that.";
const VIDEO = "a video, not a picture: stop it, save what it shows as JPEG or PNG, and bring that.";
const TIFF = `a TIFF or a camera’s raw picture, ${SAVE}`;
const PHOTOS = /^(hei[cxms]|hev[cxms]|mif1|msf1|miaf)$/; // brands of HEIF; one with an AVIF in it says so first

/** @type {[string, string][]} how a file begins, and what it is */
const BEGINS = [
  ["GIF87a", `a GIF, ${SAVE}`],
  ["GIF89a", `a GIF, ${SAVE}`],
  ["II*\0", TIFF],
  ["MM\0*", TIFF],
  ["II+\0", TIFF],
  ["MM\0+", TIFF],
  ["\xff\x0a", `a JPEG XL, ${SAVE}`],
  ["\0\0\0\x0cJXL ", `a JPEG XL, ${SAVE}`],
  ["\0\0\0\x0cjP  ", `a JPEG 2000, ${SAVE}`],
  ["8BPS", `a Photoshop file, ${SAVE}`],
  ["\0\0\x01\0", `an icon, ${SAVE}`],
  ["%PDF-", "a PDF, not a picture: save the picture in it as JPEG or PNG, and bring that."],
  ["\x1aE\xdf\xa3", VIDEO],
  ["FLV\x01", VIDEO],
  ["OggS", VIDEO],
  ["\0\0\x01\xb3", VIDEO],
  ["\0\0\x01\xba", VIDEO],
  ["PK\x03\x04", "an archive or a document, not a picture: take the picture out of it, and bring that."],
];

/** @param {Uint8Array} bytes */
export function unreadable(bytes) {
  const kind = named(letters(bytes, 0, HEAD));
  return kind ? `This is ${kind}` : "This is no PNG, JPEG, WebP or AVIF: bring a picture of one of these kinds.";
}

/** @param {string} head */
function named(head) {
  const [, known] = BEGINS.find(([begins]) => head.startsWith(begins)) ?? [];
  if (known) return known;
  if (head.startsWith("BM") && head.slice(6, 10) === "\0\0\0\0") return `a BMP, ${SAVE}`;
  if (head.startsWith("RIFF") && head.slice(8, 12) === "AVI ") return VIDEO;
  if (head.slice(4, 8) === "ftyp") return PHOTOS.test(head.slice(8, 12)) ? `a HEIC photo, ${SAVE}` : VIDEO;
  const text = head.replace("\xef\xbb\xbf", "").trimStart().toLowerCase(); // without the mark of UTF-8
  if (/^<(svg|\?xml|!--|!doctype svg)/.test(text) && /<svg[\s>]/.test(text)) return `an SVG drawing, ${SAVE}`;
  return /^<(!doctype )?html/.test(text) ? "a web page, not a picture: save the picture on it, and bring that." : "";
}
