// The hand on the chrome: a pointer that drags it and touches it, arrow keys that do the same.

import { toward } from "./ball-looks.js";
import { around } from "./dom.js";

const PER_WIDTH = 200; // degrees that a drag across the whole picture turns
const ASIDE = 6; // pixels that a finger goes aside before it drags
const STEP = 5; // degrees of a key
const NUDGE = 0.02; // of the picture: how far a key moves the touched place
/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * What a hand does: it touches a place, in shares of the picture; it moves the touched one; it turns and tilts, degrees;
 * it lets go of what it took, not of what a mouse only passed over.
 * @typedef {{
 *   touch: (x: number, y: number) => void,
 *   nudge: (x: number, y: number) => void,
 *   turn: (aside: number, down: number) => void,
 *   rest: () => void,
 * }} Hand
 */

/**
 * Listens to what a hand does on the stage.
 * @param {HTMLElement} stage
 * @param {Hand} hand
 * @param {AbortSignal} signal
 */
export function handOn(stage, hand, signal) {
  /** @type {{ x: number, y: number } | null} where the pointer was while it drags */
  let held = null;
  let did = false; // whether what is held was touched or turned
  let drags = false; // a finger that goes up or down is the page's: it does nothing before it goes aside

  /** @param {PointerEvent} event */
  const touch = ({ clientX, clientY }) => {
    const { left, top, width, height } = stage.getBoundingClientRect();
    hand.touch((clientX - left) / width, (clientY - top) / height);
  };

  /** @param {PointerEvent} event */
  const take = (event) => {
    if (event.button !== 0 || around(event, "button", HTMLElement)) return;
    held = { x: event.clientX, y: event.clientY };
    stage.setPointerCapture(event.pointerId);
    drags = event.pointerType !== "touch";
    did = drags;
    if (drags) touch(event);
  };

  /** @param {PointerEvent} event */
  const move = (event) => {
    if (held && !drags) {
      const [aside, down] = [event.clientX - held.x, event.clientY - held.y].map(Math.abs);
      did = drags = aside > ASIDE && aside > down;
      if (!drags) return;
    }
    if (held) {
      const per = PER_WIDTH / stage.getBoundingClientRect().width;
      // A finger that moves up or down is the page's.
      const down = event.pointerType === "touch" ? 0 : event.clientY - held.y;
      hand.turn((event.clientX - held.x) * per, down * per); // what is mirrored goes where the hand goes
      held = { x: event.clientX, y: event.clientY };
    } else if (event.pointerType === "mouse") touch(event);
  };

  const drop = () => {
    if (held && did) hand.rest();
    held = null;
  };

  /** @param {PointerEvent} event */
  const lift = (event) => {
    if (held && !drags) {
      did = true; // a tap
      touch(event);
    }
    drop();
  };

  stage.addEventListener("pointerdown", take, { signal });
  stage.addEventListener("pointermove", move, { signal });
  stage.addEventListener("pointerup", lift, { signal });
  stage.addEventListener("pointercancel", drop, { signal });
  stage.addEventListener("keydown", (event) => press(event, hand), { signal });
}

/**
 * Tells which direction of the surroundings unrolled is pressed.
 * @param {HTMLElement} around
 * @param {(way: import("./ball-looks.js").Direction) => void} seek
 * @param {AbortSignal} signal
 */
export function pressOn(around, seek, signal) {
  const press = (/** @type {MouseEvent} */ { clientX, clientY }) => {
    const { left, top, width, height } = around.getBoundingClientRect();
    seek(toward(((clientX - left) / width) * 360 - 180, 90 - ((clientY - top) / height) * 180));
  };
  around.addEventListener("click", press, { signal });
}

/**
 * @param {KeyboardEvent} event
 * @param {Hand} hand
 */
function press(event, hand) {
  const way = WAYS[event.key];
  if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  if (event.shiftKey) hand.nudge(NUDGE * way[0], NUDGE * way[1]);
  else hand.turn(STEP * way[0], STEP * way[1]);
  hand.rest();
}
