// The marks of a finding, drawn on a card's picture: lines, rings, and beside each ring the letter of its finding and its number.

/**
 * @typedef {import("./sight.js").Place} Place
 * @typedef {{ marks: { label: string, place: Place }[], lines: Place[][] }} Marked what of a step lies on the picture
 * @typedef {{ left: number, width: number, height: number }} Box where a picture stands on its card
 */

const RING = 13;
const [STROKE, EDGE] = [4, 8]; // of a line, and of the dark one below it
const [HIGH, FONT] = [28, "bold 20px Inter, system-ui, sans-serif"];
const [LIGHT, DARK] = ["#fff", "#0d0f12"];

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Marked} marked
 * @param {string} letter
 * @param {Box} box
 */
export function drawMarks(pen, { marks, lines }, letter, box) {
  pen.save();
  pen.beginPath();
  pen.rect(box.left, 0, box.width, box.height);
  pen.clip();
  for (const places of lines) stroke(pen, polygon(places.map((place) => within(place, box))));
  const outlined = lines.some(({ length }) => length > 2); // its marks are its corners
  for (const { label, place } of outlined ? marks.slice(0, 1) : marks) {
    const at = within(place, box);
    if (!outlined) stroke(pen, ring(at));
    tag(pen, outlined || marks.length === 1 ? letter : `${letter}${label}`, at, box);
  }
  pen.restore();
}

/**
 * @param {Place} place
 * @param {Box} box
 * @returns {Place} on the card, in pixels
 */
const within = ({ x, y }, { left, width, height }) => ({ x: left + x * width, y: y * height });

/** @param {Place[]} places */
function polygon(places) {
  const path = new Path2D();
  for (const { x, y } of places) path.lineTo(x, y);
  path.closePath();
  return path;
}

/** @param {Place} place */
function ring({ x, y }) {
  const path = new Path2D();
  path.arc(x, y, RING, 0, 2 * Math.PI);
  return path;
}

/**
 * Light on dark, so that it shows on any ground.
 * @param {CanvasRenderingContext2D} pen
 * @param {Path2D} path
 */
function stroke(pen, path) {
  for (const [colour, width] of /** @type {const} */ ([
    [DARK, EDGE],
    [LIGHT, STROKE],
  ])) {
    [pen.strokeStyle, pen.lineWidth] = [colour, width];
    pen.stroke(path);
  }
}

/**
 * A name beside a place, on the side where there is room.
 * @param {CanvasRenderingContext2D} pen
 * @param {string} name
 * @param {Place} place
 * @param {Box} box
 */
function tag(pen, name, { x, y }, { left, width: wide, height }) {
  pen.font = FONT;
  const width = pen.measureText(name).width + 14;
  const right = x + RING + width < left + wide;
  const from = right ? x + RING : x - RING - width;
  const top = Math.min(Math.max(y - RING - HIGH / 2, 0), height - HIGH);
  pen.fillStyle = DARK;
  pen.beginPath();
  pen.roundRect(from, top, width, HIGH, 6);
  pen.fill();
  pen.fillStyle = LIGHT;
  pen.fillText(name, from + 7, top + HIGH - 7);
}
