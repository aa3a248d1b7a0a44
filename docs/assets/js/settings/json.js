// JSON as tools write it, within bounds: so deep and no deeper, numbers that JSON does not have read as none.

import { Unread } from "./bytes.js";

const DEEPEST = 100;
const NO_NUMBER = /([:[,]\s*)(?:NaN|-?Infinity)(?=\s*[,\]}])/g; // Python writes them, JSON has none
const LONGEST = 4000; // letters of a value on the page

/** @typedef {Record<string, unknown>} Object_ */

/**
 * A text's object.
 * @param {string} text
 * @returns {Object_}
 */
export function objectOf(text) {
  if (depth(text) > DEEPEST) throw new Unread(`Settings nested more than ${DEEPEST} deep were left unread.`);
  const value = parsed(text) ?? parsed(text.replace(NO_NUMBER, "$1null"));
  const inner = typeof value === "string" && value.startsWith("{") ? parsed(value) : value; // some write it twice
  if (!isObject(inner)) throw new Unread("Settings are in it that are no valid JSON; they were left unread.");
  return inner;
}

/**
 * Whether a text means to be an object; a prompt may begin with a brace too, around choices.
 * @param {string} text
 */
export const isJson = (text) => /^\s*\{\s*["}]/.test(text);

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {unknown} value
 * @returns {value is Object_}
 */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The first of some names that an object has as a text or a number, as a text; nothing else of it is shown.
 * @param {unknown} object
 * @param {...string} names
 */
export function plain(object, ...names) {
  if (!isObject(object)) return "";
  for (const name of names) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (typeof value === "string" && value) return value.slice(0, LONGEST);
    if (typeof value === "number" && Number.isFinite(value)) return String(value);
  }
  return "";
}

/** @param {string} text */
function depth(text) {
  let [now, most, quoted] = [0, 0, false];
  for (let at = 0; at < text.length && most <= DEEPEST; at++) {
    const letter = text[at];
    if (quoted && letter === "\\") at++;
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && (letter === "{" || letter === "[")) most = Math.max(most, ++now);
    else if (!quoted && (letter === "}" || letter === "]")) now--;
  }
  return most;
}
