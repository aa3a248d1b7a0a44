// What each step of the check finds at its marks, in a sentence or two. Nothing is called real or made up.

import { BODY } from "./body.js";
import { apart, inWords, named } from "./colour.js";
import { leans, TURNED } from "./lean.js";
import { misplaced } from "./misplaced.js";

/**
 * @typedef {import("./sight.js").Place} Place
 * @typedef {import("./sight.js").Sight} Sight
 * @typedef {(name: string) => Place} Marks
 * @typedef {{ white: { rendered: number, painted: number } | null, answers: Record<string, string> }} Known measured shares
 *   of near-white, in percent, and what the reader answered
 */

const MEETS = 0.012; // of the picture's height
const CLOSE = 6; // in Lab: nearer, two colours differ only side by side
const TINT = 10; // in Lab, lightness aside: beyond it a grey and a blue are told apart
const MIDDLE = 0.03; // of its width: nearer than this there are no sides
const DARKER = "A mirror that swallows some light would do that.";
const LIGHTER = "It shows another place than this one, or stronger light.";
const TINTED =
  "The tint differs: the metal shows another place than this one, the light is another, or the metal or its lacquer is coloured.";
const SAYS = /** @type {Record<string, Record<string, string>>} */ ({
  letters: {
    read: "You answered that its letters can be read.",
    unread: "You answered that its letters cannot be read.",
    none: "You answered that it shows no letters.",
  },
  twins: {
    alike: "You answered that the two are alike.",
    unlike: "You answered that the two differ.",
    none: "You answered that only one of a pair can be seen.",
  },
});

/**
 * What a step says, and whether that is a finding: not where marks are missing, or stand as they cannot.
 * @param {string} step
 * @param {import("./marks.js").Marks} marks
 * @param {Sight} sight
 * @param {Known} known
 * @returns {{ says: string, found: boolean, wrong: boolean }}
 */
export function look(step, marks, sight, known) {
  const { all, missing } = marks.count(step);
  const refused = misplaced(step, marks.at, {
    ratio: sight.ratio,
    outlined: marks.laid("white"),
    stands: marks.stands,
  });
  if (refused) return { says: refused, found: false, wrong: true };
  const none = known.answers[step] === "none"; // nothing is there to be marked
  if (missing.length && !none)
    return { says: awaited(missing, all, step in known.answers), found: false, wrong: false };
  const says = finding(step, marks.at, sight, known);
  return { says, found: Boolean(says), wrong: false };
}

/**
 * What is said while marks are missing: nothing is answered by looking at places that nobody chose.
 * @param {string[]} missing
 * @param {number} all
 * @param {boolean} answered
 */
function awaited(missing, all, answered) {
  if (answered) return `First put ${listed(missing)} in place, then answer.`;
  return missing.length === all ? "" : `Still to put in place: ${listed(missing)}.`;
}

/** @param {string[]} labels */
const listed = (labels) => `${labels.length > 1 ? "marks" : "mark"} ${labels.join(", ").replace(/, (\d)$/, " and $1")}`;

/**
 * @param {string} step
 * @param {Marks} marks
 * @param {Sight} sight
 * @param {Known} known
 */
function finding(step, marks, sight, known) {
  if (step === "colours") return colours(marks, sight);
  if (step === "horizon") return horizon(marks, sight);
  if (step === "light") return lights(marks);
  if (step === "white") return whites(marks, sight, known);
  return SAYS[step]?.[known.answers[step]] ?? "";
}

/**
 * @param {Marks} marks
 * @param {Sight} sight
 */
function colours(marks, sight) {
  const seen = [marks("body"), marks("around")].map((place) => sight.colour(place));
  const [body, around] = seen.map(({ lab }) => lab);
  const distance = apart(body, around);
  const [metal, other] = seen.map(({ light }) => named(light));
  const place = distance > CLOSE ? other : metal; // a border between two names may lie between two like colours
  const tint = Math.hypot(body[1] - around[1], body[2] - around[2]);
  const darker = around[0] - body[0];
  const [steps, off] = [round(Math.abs(darker)), `${round(distance)} apart, ${inWords(distance)}`];
  const what = `The metal is ${metal}, the surroundings are ${place}`;
  if (distance > CLOSE && tint <= TINT && tint < Math.abs(darker))
    return `${what}: nearly the same tint, ${steps} of 100 steps from black to white ${darker > 0 ? `darker. ${DARKER}` : `lighter. ${LIGHTER}`}`;
  const told = `${what}: ${off} (0 is the same colour, black and white are 100 apart).`;
  return distance > CLOSE ? `${told} ${TINTED}` : told;
}

/**
 * @param {Marks} marks
 * @param {Sight} sight
 */
function horizon(marks, { ratio }) {
  const [left, right, band] = [marks("left"), marks("right"), marks("band")];
  const slope = (right.y - left.y) / (right.x - left.x);
  const below = band.y - (left.y + slope * (band.x - left.x)); // of the height
  if (Math.abs(below) <= MEETS) return "This fits metal that stands upright: the band meets your line.";
  const [least, most] = leans(below / ratio).map(round);
  const where = below > 0 ? "below" : "above";
  const how = below > 0 ? "leans back, its top away from you," : "hangs over, its top towards you,";
  return `This needs metal that ${how} by at least ${least} degrees; you judge whether yours does. The band lies ${round(100 * Math.abs(below))} percent of the picture's height ${where} your line, where upright metal would show it: ${least} degrees do if you see it square on through a long lens, up to ${most} if it is turned away by ${TURNED} and seen through a wide one.`;
}

/** @param {Marks} marks */
function lights(marks) {
  const [tip, top, spot, facing] = [marks("tip"), marks("caster"), marks("spot"), marks("facing")];
  const by = { shadow: side(top.x - tip.x), spot: side(spot.x - facing.x) };
  const low = top.y >= tip.y ? " The shadow points away from you, so the light comes from the front." : "";
  if (!by.shadow) return `The shadow’s tip lies too straight below what throws it to name a side.${low}`;
  if (!by.spot) return `The highlight lies too near the place that faces you to name a side.${low}`;
  if (by.shadow === by.spot) return `Shadow and highlight both put the light on the ${by.spot}.${low}`;
  return `The shadow puts the light on the ${by.shadow}, the highlight on the ${by.spot}. That may be hollow metal, a second lamp or a window.${low}`;
}

/** @param {number} off */
const side = (off) => (Math.abs(off) < MIDDLE ? "" : off < 0 ? "left" : "right");

/**
 * @param {Marks} marks
 * @param {Sight} sight
 * @param {Known} known
 */
function whites(marks, sight, { white }) {
  const share = sight.white(BODY.map(marks));
  if (share === undefined) return "Your line holds no place yet.";
  const percent = 100 * share;
  const what = `${round(percent)} percent of the marked body is near white.`;
  if (!white) return what;
  const { rendered, painted } = white;
  const than =
    percent > rendered ? "more than the mean of our rendered mirrors" : "no more than the mean of our rendered mirrors";
  return `${what} That is ${than}, and ${percent > painted ? "more" : "no more"} than that of the painted ones.`;
}

/** @param {number} value */
const round = (value) => (value < 10 ? value.toFixed(1).replace(/\.0$/, "") : String(Math.round(value)));
