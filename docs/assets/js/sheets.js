// Sheets of frames: decoded before they show, and drawn frame by frame.

import { all, find } from "./dom.js";

/**
 * @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Pen
 * @typedef {{ bitmap: ImageBitmap, width: number, height: number }} Sheet and the size of a frame on it
 */

/** The sheets of one lab, each fetched and decoded once. */
export class Sheets {
  /** @type {Map<string, Promise<ImageBitmap>>} address -> a decoded bitmap */
  #decoded = new Map();
  #lab;

  /** @param {HTMLElement} lab says how many frames stand beside each other */
  constructor(lab) {
    this.#lab = lab;
  }

  /**
   * A sheet as a promise of a bitmap: already decoded, so drawing a frame of it never waits.
   * @param {string} address
   */
  get(address) {
    const sheet = this.#decoded.get(address) ?? decoded(address);
    this.#decoded.set(address, sheet);
    sheet.catch(() => this.#decoded.delete(address)); // choosing it again tries again
    return sheet;
  }

  /**
   * Draws a frame, counted from 0, as large as the canvas.
   * @param {Pen} on
   * @param {Sheet} sheet
   * @param {number} index
   * @param {GlobalCompositeOperation} mode
   */
  draw(on, { bitmap, width, height }, index, mode = "source-over") {
    const columns = Number(this.#lab.dataset.columns);
    const [left, top] = [(index % columns) * width, Math.floor(index / columns) * height];
    on.globalCompositeOperation = mode;
    on.imageSmoothingQuality = "high"; // a frame is smaller than the picture that it is of
    on.drawImage(bitmap, left, top, width, height, 0, 0, on.canvas.width, on.canvas.height);
  }
}

/**
 * Draws a whole picture, as large as the canvas.
 * @param {Pen} on
 * @param {HTMLImageElement} picture
 * @param {GlobalCompositeOperation} mode
 */
export function drawWhole(on, picture, mode = "source-over") {
  on.globalCompositeOperation = mode;
  on.imageSmoothingQuality = "high";
  on.drawImage(picture, 0, 0, on.canvas.width, on.canvas.height);
}

/**
 * What draws on a canvas.
 * @param {HTMLCanvasElement} canvas
 */
export function pen(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/**
 * The canvas of each pane of a lab, by what the pane's data-NAME says.
 * @param {HTMLElement} lab
 * @param {string} name
 */
export function canvases(lab, name) {
  const panes = all(lab, `.lab-pane[data-${name}]`, HTMLElement);
  return new Map(panes.map((pane) => [pane.dataset[name] ?? "", find(pane, "canvas", HTMLCanvasElement)]));
}

/**
 * A frame's size as an attribute has it: width, height.
 * @param {string} text
 */
export function size(text) {
  const [width, height] = text.split(" ").map(Number);
  return { width, height };
}

/** @param {string} address */
async function decoded(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return createImageBitmap(image);
}
