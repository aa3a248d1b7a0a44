// A picture's pixels: drawn once, then asked for a colour, for a share of white, for the brightest place.

import { lab, light } from "./colour.js";

/** @typedef {{ x: number, y: number }} Place from left and top, both 0 to 1 */

const MOST_PIXELS = 12e6; // what is drawn of a larger picture is shrunk
const MOST_SIDE = 4096;
const COLUMNS = 512; // cells across, in which white is counted
const NEAR_WHITE = 240; // in red, green and blue: as in our own measurement of highlights
const SPOT = 0.008; // of the width: how far around a place its colour is taken
const LIGHT = Float64Array.from({ length: 256 }, (_, value) => light(value));
const ROWS = 256; // read at a time

export class Sight {
  /** @type {{ white: Float64Array, all: Float64Array, bright: Float64Array, columns: number, rows: number }} */
  #cells = { white: new Float64Array(), all: new Float64Array(), bright: new Float64Array(), columns: 0, rows: 0 };

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  }

  /**
   * Draws another picture, on white where it lets through; whether it had to be shrunk.
   * @param {ImageBitmap} bitmap
   */
  draw(bitmap) {
    const { width, height } = bitmap;
    const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (width * height)), MOST_SIDE / Math.max(width, height));
    this.canvas.width = Math.max(1, Math.round(width * scale));
    this.canvas.height = Math.max(1, Math.round(height * scale));
    this.pen.fillStyle = "#fff";
    this.pen.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.pen.drawImage(bitmap, 0, 0, this.canvas.width, this.canvas.height);
    bitmap.close();
    this.#count();
    return scale < 1;
  }

  /** Width over height. */
  get ratio() {
    return this.canvas.width / this.canvas.height;
  }

  /**
   * The mean colour around a place: its light, in Lab, and as a screen shows it.
   * @param {Place} place
   */
  colour({ x, y }) {
    const { width, height } = this.canvas;
    const reach = Math.max(1, Math.round(width * SPOT));
    const left = Math.min(Math.max(Math.round(x * width) - reach, 0), width - 1);
    const top = Math.min(Math.max(Math.round(y * height) - reach, 0), height - 1);
    const across = Math.min(2 * reach, width - left);
    const { data } = this.pen.getImageData(left, top, across, Math.min(2 * reach, height - top));
    const sum = [0, 0, 0];
    for (let at = 0; at < data.length; at += 4) for (let i = 0; i < 3; i++) sum[i] += LIGHT[data[at + i]];
    const mean = sum.map((part) => (4 * part) / data.length);
    return { light: mean, lab: lab(mean), css: `rgb(${mean.map((part) => Math.round(255 * screen(part))).join(" ")})` };
  }

  /**
   * The share of near-white pixels inside a line through some places; none where it holds nothing.
   * @param {Place[]} outline
   */
  white(outline) {
    const { columns, rows } = this.#cells;
    let [white, all] = [0, 0];
    for (let row = 0; row < rows; row++) {
      const crossings = crossed(outline, (row + 0.5) / rows);
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const [from, to] = [crossings[i], crossings[i + 1]].map((x) =>
          Math.round(Math.min(Math.max(x, 0), 1) * columns),
        );
        const at = row * (columns + 1);
        white += this.#cells.white[at + to] - this.#cells.white[at + from];
        all += this.#cells.all[at + to] - this.#cells.all[at + from];
      }
    }
    return all ? white / all : undefined;
  }

  /**
   * The place of the brightest cell, inside a line through some places where there is one that holds any.
   * @param {Place[]} [outline]
   * @returns {Place}
   */
  brightest(outline = []) {
    const { bright, columns, rows } = this.#cells;
    let [most, at] = [-1, 0];
    for (let row = 0; row < rows; row++) {
      const crossings = outline.length ? crossed(outline, (row + 0.5) / rows) : [0, 1];
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const [from, to] = [crossings[i], crossings[i + 1]].map((x) => Math.round(x * columns));
        for (let cell = row * columns + from; cell < row * columns + to; cell++)
          if (bright[cell] > most) [most, at] = [bright[cell], cell];
      }
    }
    if (most < 0 && outline.length) return this.brightest();
    return { x: ((at % columns) + 0.5) / columns, y: (Math.floor(at / columns) + 0.5) / rows };
  }

  /** Counts white and light, cell by cell; along each row the counts are sums from its left end on. */
  #count() {
    const { width, height } = this.canvas;
    const columns = Math.min(COLUMNS, width);
    const rows = Math.min(Math.max(1, Math.round((columns * height) / width)), height);
    const [white, all] = [0, 1].map(() => new Float64Array((columns + 1) * rows));
    const bright = new Float64Array(columns * rows);
    for (let top = 0; top < height; top += ROWS) {
      const strip = this.pen.getImageData(0, top, width, Math.min(ROWS, height - top)).data;
      for (let at = 0; at < strip.length; at += 4) {
        const pixel = at / 4;
        const row = Math.floor(((top + Math.floor(pixel / width)) * rows) / height);
        const column = Math.floor(((pixel % width) * columns) / width);
        const [r, g, b] = [strip[at], strip[at + 1], strip[at + 2]];
        const cell = row * (columns + 1) + column + 1;
        white[cell] += Number(r >= NEAR_WHITE && g >= NEAR_WHITE && b >= NEAR_WHITE);
        all[cell]++;
        bright[row * columns + column] += r + g + b;
      }
    }
    bright.forEach((sum, at) => {
      bright[at] = sum / all[Math.floor(at / columns) * (columns + 1) + (at % columns) + 1];
    });
    for (const counts of [white, all]) {
      for (let at = 1; at < counts.length; at++) if (at % (columns + 1)) counts[at] += counts[at - 1];
    }
    this.#cells = { white, all, bright, columns, rows };
  }
}

/** @param {number} value light, 0 to 1 */
const screen = (value) => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);

/**
 * Where an outline crosses a height, from left to right.
 * @param {Place[]} outline
 * @param {number} y
 */
function crossed(outline, y) {
  const crossings = [];
  for (const [i, from] of outline.entries()) {
    const to = outline[(i + 1) % outline.length];
    if (from.y > y !== to.y > y) crossings.push(from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x));
  }
  return crossings.sort((one, other) => one - other);
}
