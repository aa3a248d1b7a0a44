// The marks of a finding, drawn on a card's picture: lines, rings, and beside each ring the letter of its finding and its number.

/**
 * @typedef {import("./sight.js").Place} Place
 * @typedef {{ marks: { label: string, place: Place }[], lines: Place[][] }} Marked what of a step lies on the picture
 * @typedef {{ left: number, width: number, height: number }} Box where a picture stands on its card
 * @typedef {{ x: number, y: number, wide: number }} Corner of a name, with its width
 */

const RING = 13;
const [STROKE, EDGE] = [4, 8]; // of a line, and of the dark one below it
const [HIGH, FONT] = [28, "bold 20px Inter, system-ui, sans-serif"];
const [LIGHT, DARK] = ["#fff", "#0d0f12"];

/**
 * All lines first, then all rings, then all names: no line crosses one out.
 * @param {CanvasRenderingContext2D} pen
 * @param {Marked[]} all
 * @param {string[]} letters
 * @param {Box} box
 */
export function drawMarks(pen, all, letters, box) {
  pen.save();
  pen.beginPath();
  pen.rect(box.left, 0, box.width, box.height);
  pen.clip();
  for (const places of all.flatMap(({ lines }) => lines))
    stroke(pen, polygon(places.map((place) => within(place, box))));
  const named = all.flatMap(({ marks, lines }, i) => {
    const outlined = lines.some(({ length }) => length > 2); // its marks are its corners
    return (outlined ? marks.slice(0, 1) : marks).map(({ label, place }) => ({
      at: within(place, box),
      name: outlined || marks.length === 1 ? letters[i] : `${letters[i]}${label}`,
      outlined,
    }));
  });
  for (const { at, outlined } of named) if (!outlined) stroke(pen, ring(at));
  const taken = /** @type {Corner[]} */ ([]);
  for (const { name, at } of named) taken.push(tag(pen, name, at, box, taken));
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
 * A name beside a place, on the first side where it is within the picture and on no other name.
 * @param {CanvasRenderingContext2D} pen
 * @param {string} name
 * @param {Place} place
 * @param {Box} box
 * @param {Corner[]} taken
 */
function tag(pen, name, { x, y }, { left, width, height }, taken) {
  pen.font = FONT;
  const wide = pen.measureText(name).width + 14;
  const sides = [-RING - HIGH / 2, RING - HIGH / 2].flatMap((down) => [
    { x: x + RING, y: y + down, wide },
    { x: x - RING - wide, y: y + down, wide },
  ]);
  const kept = sides.map((side) => ({ ...side, y: Math.min(Math.max(side.y, 0), height - HIGH) }));
  const inside = kept.filter((side) => side.x >= left && side.x + wide < left + width);
  const at = inside.find((side) => !taken.some((other) => meet(side, other))) ?? inside[0] ?? kept[0];
  pen.fillStyle = DARK;
  pen.beginPath();
  pen.roundRect(at.x, at.y, wide, HIGH, 6);
  pen.fill();
  pen.fillStyle = LIGHT;
  pen.fillText(name, at.x + 7, at.y + HIGH - 7);
  return at;
}

/** @param {Corner} one @param {Corner} other */
const meet = (one, other) =>
  one.x < other.x + other.wide && other.x < one.x + one.wide && Math.abs(one.y - other.y) < HIGH;
