// What a reader answered: the chosen button of each question of the check, by the question's name.

import { all } from "../dom.js";
import { value } from "../state.js";

/** @param {HTMLInputElement} box */
const question = ({ name }) => name.replace("own-", "");

/**
 * @param {HTMLElement} root
 * @returns {Record<string, string>}
 */
export function answersIn(root) {
  const chosen = all(root, "[type=radio]:checked", HTMLInputElement);
  return Object.fromEntries(chosen.map((box) => [question(box), box.value]));
}

/**
 * Takes an answer back.
 * @param {HTMLElement} root
 * @param {string} asked
 */
export function unanswer(root, asked) {
  for (const box of all(root, "[type=radio]:checked", HTMLInputElement))
    if (question(box) === asked) box.checked = false;
}

/**
 * Chooses what a link answers, and nothing else.
 * @param {HTMLElement} root
 * @param {string[]} states
 */
export function answer(root, states) {
  for (const box of all(root, "[type=radio]", HTMLInputElement))
    box.checked = value(states, question(box)) === box.value;
}
