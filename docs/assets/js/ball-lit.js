// What the touched place of a mirror shows: lit in the surroundings, and said in words.

import { inWorld, words } from "./ball-looks.js";
import { outlined } from "./ball-outline.js";
import { find, tell } from "./dom.js";

/**
 * @typedef {import("./ball-looks.js").Side} Side
 * @typedef {import("./ball-looks.js").Look} Look
 * @typedef {import("./ball-place.js").Spot} Spot
 */

const RING = 11 / 480; // of the picture's width: what counts as one touched place

/**
 * @param {HTMLElement} root
 * @param {{ look: Look, spot: Spot, side: Side, aspect: number }} touched
 * @param {{ between: string, sun: import("./ball-looks.js").Direction }} world
 */
export function light(root, touched, world) {
  const { look, spot, side } = touched;
  const middle = look(spot.x, spot.y);
  const { area, line } = middle ? outlined(touched, RING) : { area: "", line: "" };
  find(root, ".ball-dim", SVGPathElement).setAttribute("d", area && `M0 0H360V180H0Z${area}`);
  find(root, ".ball-patch", SVGPathElement).setAttribute("d", line);
  const ahead = (((side.turn + 180) % 360) + 360) % 360;
  find(root, ".ball-ahead", SVGPathElement).setAttribute("transform", `translate(${ahead} 0)`);
  const mark = find(root, ".ball-ring", SVGCircleElement);
  const { width, height } = /** @type {SVGSVGElement} */ (mark.ownerSVGElement).viewBox.baseVal;
  mark.setAttribute("cx", String(spot.x * width));
  mark.setAttribute("cy", String(spot.y * height));
  mark.classList.toggle("ball-off", !middle);
  const told = middle
    ? `The touched place shows ${words(inWorld(middle, side), side, world)}.`
    : "Touch the chrome to see what a place of it shows.";
  say(root, told);
}

/**
 * Says that a place of the surroundings which the reader pressed is mirrored nowhere.
 * @param {HTMLElement} root
 */
export function tellNowhere(root) {
  say(root, "No place of the chrome shows that from here: turn it.");
}

/**
 * A reader aloud hears what changes.
 * @param {HTMLElement} root
 * @param {string} told
 */
function say(root, told) {
  tell(find(root, ".ball-said", HTMLElement), told);
}
