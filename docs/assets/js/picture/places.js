// Places on a picture, from left and top, both 0 to 1: moved by a key, on a line from edge to edge, within the picture.

/** @typedef {import("./sight.js").Place} Place */

const STEP = 0.005; // of a side, for an arrow key
const LEAP = 10; // times as far with Shift
const KEYS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

/**
 * How far a key moves a mark; nothing where it is none that does.
 * @param {KeyboardEvent} event
 */
export function by({ key, shiftKey, altKey, ctrlKey, metaKey }) {
  if (altKey || ctrlKey || metaKey) return; // the browser's own
  const far = STEP * (shiftKey ? LEAP : 1);
  return KEYS[key] && { x: far * KEYS[key][0], y: far * KEYS[key][1] };
}

/**
 * A line through two places, from the picture's left edge to its right one; a steep one from its top to its foot.
 * @param {Place} from
 * @param {Place} to
 */
export function along(from, to) {
  const [across, down] = [to.x - from.x, to.y - from.y];
  if (Math.abs(across) < Math.abs(down)) return [0, 1].map((y) => ({ x: from.x + (across / down) * (y - from.y), y }));
  return [0, 1].map((x) => ({ x, y: from.y + (across && down / across) * (x - from.x) }));
}

/**
 * Within the picture, to the thousandth that a link tells.
 * @param {number} share
 */
export const inside = (share) => Math.round(1000 * Math.min(Math.max(share, 0), 1)) / 1000;

/**
 * A mark as a link tells it.
 * @param {string} name
 * @param {Place} place
 */
export const worded = (name, { x, y }) => `${name}-${Math.round(1000 * x)}-${Math.round(1000 * y)}`;

/**
 * The marks that a link tells.
 * @param {string[]} states
 * @returns {[string, Place][]}
 */
export const placesIn = (states) =>
  states.flatMap((state) => {
    const [, name, x, y] = /^([a-z]+(?:-[1-6])?)-(\d{1,4})-(\d{1,4})$/.exec(state) ?? [];
    return name ? [[name, { x: Number(x) / 1000, y: Number(y) / 1000 }]] : [];
  });
