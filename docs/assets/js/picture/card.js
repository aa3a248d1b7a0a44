// A card to save: the picture with the reader's marks, what was found there, what its file kept, and where it was made.

import { drawMarks } from "./on-card.js";

/** @typedef {{ title: string, says: string } & import("./on-card.js").Marked} Finding */

const WIDTH = 1200;
const MOST_HEIGHT = 900; // of the picture on it
const [MARGIN, SIZE, LINE] = [48, 26, 38];
const FONT = `${SIZE}px Inter, system-ui, sans-serif`;
const [TITLE_FONT, HIGH] = [`650 ${SIZE + 10}px Inter, system-ui, sans-serif`, 66];
const [PAPER, INK, SOFT] = ["#fbfaf8", "#15181d", "#4d545f"];

/**
 * @param {HTMLCanvasElement} picture
 * @param {Finding[]} findings
 * @param {{ title: string, site: string, foot: string }} words
 */
export function card(picture, findings, { title, site, foot }) {
  const canvas = document.createElement("canvas");
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.font = FONT;
  const letters = lettered(findings);
  const texts = findings.map(({ title, says }, i) => `${letters[i] && `${letters[i]}. `}${title}: ${says}`);
  const lines = texts.flatMap((text) => [...wrapped(pen, text, WIDTH - 2 * MARGIN), ""]);
  const scale = Math.min(WIDTH / picture.width, MOST_HEIGHT / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  canvas.width = WIDTH;
  canvas.height = Math.ceil(height + 2 * MARGIN + HIGH + LINE * (lines.length + 1));
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const left = (WIDTH - width) / 2;
  pen.drawImage(picture, left, 0, width, height);
  drawMarks(pen, findings, letters, { left, width, height });
  pen.font = TITLE_FONT;
  pen.fillStyle = INK;
  pen.fillText(title, MARGIN, height + MARGIN + SIZE);
  pen.font = FONT;
  const first = height + MARGIN + HIGH + SIZE;
  for (const [i, line] of lines.entries()) pen.fillText(line, MARGIN, first + i * LINE);
  pen.fillStyle = SOFT;
  pen.fillText([site, foot].filter(Boolean).join(" · "), MARGIN, first + lines.length * LINE);
  return canvas;
}

/**
 * A letter for each finding that has a place on the picture.
 * @param {Finding[]} findings
 */
function lettered(findings) {
  let next = 0;
  return findings.map(({ marks }) => (marks.length ? String.fromCharCode(65 + next++) : ""));
}

/**
 * A text in lines of a width; a word longer than one is broken.
 * @param {CanvasRenderingContext2D} pen
 * @param {string} text
 * @param {number} width
 */
function wrapped(pen, text, width) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(...broken(pen, word, width));
  }
  return lines.filter(Boolean);
}

/**
 * A word in pieces of a width.
 * @param {CanvasRenderingContext2D} pen
 * @param {string} word
 * @param {number} width
 */
function broken(pen, word, width) {
  const pieces = [""];
  for (const letter of word) {
    const longer = pieces.at(-1) + letter;
    if (pen.measureText(longer).width <= width) pieces[pieces.length - 1] = longer;
    else pieces.push(letter);
  }
  return pieces;
}
