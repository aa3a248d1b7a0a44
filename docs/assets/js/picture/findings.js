// What each step of the check finds at its marks: one plain verdict, then the figures. Nothing is called real or made up.

import { BODY } from "./body.js";
import { apart, inWords, named } from "./colour.js";
import { leans } from "./lean.js";
import { misplaced } from "./misplaced.js";

/**
 * @typedef {import("./sight.js").Place} Place
 * @typedef {import("./sight.js").Sight} Sight
 * @typedef {(name: string) => Place} Marks
 * @typedef {{ white: { rendered: number, painted: number } | null, answers: Record<string, string> }} Known measured shares
 *   of near-white, in percent, and what the reader answered
 * @typedef {[string, string]} Finding its verdict, and what was found
 */

const [FITS, ODD, OPEN] = ["Fits", "Odd", "Cannot be told"]; // an odd one is a question: what else would do that?

const MEETS = 0.012; // of the picture's height
const CLOSE = 6; // in Lab: nearer, two colours differ only side by side
const FAR = 15; // in Lab: beyond it they are clearly different
const TINT = 10; // in Lab, lightness aside: beyond it a grey and a blue are told apart
const MIDDLE = 0.03; // of its width: nearer than this there are no sides
const DARKER = "A mirror that swallows some light would do that.";
const LIGHTER = "It shows another place than this one, or stronger light.";
const TINTED =
  "The tint differs: the metal shows another place than this one, the light is another, or the metal or its lacquer is coloured.";
const SAYS = /** @type {Record<string, Record<string, Finding>>} */ ({
  letters: {
    read: [FITS, "You answered that its letters can be read."],
    unread: [ODD, "You answered that its letters cannot be read. A blur would do that too."],
    none: [OPEN, "You answered that it shows no letters."],
  },
  twins: {
    alike: [FITS, "You answered that the two are alike."],
    unlike: [ODD, "You answered that the two differ. The angle, or what they mirror, would do that too."],
    none: [OPEN, "You answered that only one of a pair can be seen."],
  },
});

/**
 * What a step says, and whether that is a finding: not where marks are missing, or stand as they cannot.
 * @param {string} step
 * @param {import("./marks.js").Marks} marks
 * @param {Sight} sight
 * @param {Known} known
 * @returns {{ says: string, found: boolean, wrong: boolean, verdict: string }}
 */
export function look(step, marks, sight, known) {
  const { all, missing } = marks.count(step);
  const refused = misplaced(step, marks.at, {
    ratio: sight.ratio,
    outlined: marks.laid("white"),
    stands: marks.stands,
  });
  if (refused) return { says: refused, found: false, wrong: true, verdict: "" };
  const none = known.answers[step] === "none"; // nothing is there to be marked
  if (missing.length && !none)
    return { says: awaited(missing, all, step in known.answers), found: false, wrong: false, verdict: "" };
  const [verdict, says] = finding(step, marks.at, sight, known);
  return { says, found: Boolean(says), wrong: false, verdict };
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
 * @returns {Finding}
 */
function finding(step, marks, sight, known) {
  if (step === "colours") return colours(marks, sight);
  if (step === "horizon") return horizon(marks, sight);
  if (step === "light") return lights(marks);
  if (step === "white") return whites(marks, sight, known);
  return SAYS[step]?.[known.answers[step]] ?? ["", ""];
}

/**
 * @param {Marks} marks
 * @param {Sight} sight
 * @returns {Finding}
 */
function colours(marks, sight) {
  const seen = [marks("body"), marks("around")].map((place) => sight.colour(place));
  const [body, around] = seen.map(({ lab }) => lab);
  const distance = apart(body, around);
  const [metal, other] = seen.map(({ light }) => named(light));
  const tint = Math.hypot(body[1] - around[1], body[2] - around[2]);
  const darker = around[0] - body[0];
  const scale = `The colours lie ${round(distance)} apart: 0 is the same colour, 100 is black beside white.`;
  // one name: a border between two may lie between two like colours
  if (distance <= CLOSE)
    return [FITS, `The metal is ${metal}, and so are the surroundings: ${inWords(distance)}. ${scale}`];
  const what = `The metal is ${metal}, the surroundings are ${other}`;
  if (tint <= TINT && tint < Math.abs(darker)) {
    const steps = `The difference is ${round(Math.abs(darker))} of 100 steps from black to white.`;
    const [verdict, how] = darker > 0 ? [FITS, `darker. ${DARKER}`] : [ODD, `lighter. ${LIGHTER}`];
    return [verdict, `${what}: nearly the same tint, but ${how} ${steps}`];
  }
  return [distance > FAR ? ODD : OPEN, `${what}: ${inWords(distance)}. ${TINTED} ${scale}`];
}

/**
 * @param {Marks} marks
 * @param {Sight} sight
 * @returns {Finding}
 */
function horizon(marks, { ratio }) {
  const [left, right, band] = [marks("left"), marks("right"), marks("band")];
  const slope = (right.y - left.y) / (right.x - left.x);
  const below = band.y - (left.y + slope * (band.x - left.x)); // of the height
  if (Math.abs(below) <= MEETS) return [FITS, "The band meets your line, as on metal that stands upright."];
  const [least, most] = leans(below / ratio).map(round);
  const [where, how] =
    below > 0 ? ["below", "leans back, its top away from you"] : ["above", "hangs over, its top towards you"];
  return [
    below > 0 ? OPEN : ODD,
    `The band lies ${where} your line, by ${round(100 * Math.abs(below))} percent of the picture’s height. That needs metal that ${how}, by ${least} to ${most} degrees: how far exactly, the picture does not tell. Look whether yours does.`,
  ];
}

/**
 * @param {Marks} marks
 * @returns {Finding}
 */
function lights(marks) {
  const [tip, top, spot, facing] = [marks("tip"), marks("caster"), marks("spot"), marks("facing")];
  const by = { shadow: side(top.x - tip.x), spot: side(spot.x - facing.x) };
  const low = top.y >= tip.y ? " The shadow points away from you, so the light comes from the front." : "";
  if (!by.shadow) return [OPEN, `The shadow’s tip lies too straight below what throws it to name a side.${low}`];
  if (!by.spot) return [OPEN, `The highlight lies too near the place that faces you to name a side.${low}`];
  if (by.shadow === by.spot) return [FITS, `Shadow and highlight both put the light on the ${by.spot}.${low}`];
  return [
    ODD,
    `The shadow puts the light on the ${by.shadow}, the highlight on the ${by.spot}. Hollow metal, a second lamp or a window would do that.${low}`,
  ];
}

/** @param {number} off */
const side = (off) => (Math.abs(off) < MIDDLE ? "" : off < 0 ? "left" : "right");

/**
 * A share proves little: no more white than on our mirrors fits, more of it is neither odd nor a fit.
 * @param {Marks} marks
 * @param {Sight} sight
 * @param {Known} known
 * @returns {Finding}
 */
function whites(marks, sight, { white }) {
  const share = sight.white(BODY.map(marks));
  if (share === undefined) return [OPEN, "Your line holds no place yet."];
  const percent = 100 * share;
  const what = `${round(percent)} percent of the marked body is near white.`;
  if (!white) return [OPEN, what];
  const { rendered, painted } = white;
  const than = percent > rendered ? "More" : "No more";
  const other = percent > painted ? "more" : "no more";
  return [
    percent > rendered ? OPEN : FITS,
    `${than} of it is pure white than on our rendered mirrors on average, and ${other} than on our painted ones. ${what}`,
  ];
}

/** @param {number} value */
const round = (value) => (value < 10 ? value.toFixed(1).replace(/\.0$/, "") : String(Math.round(value)));
