// The steps of the check: which one is open, which can be opened, and which have been done.

import { all, find } from "../dom.js";

/** @param {HTMLElement} root */
const buttons = (root) => all(root, ".own-steps [data-go]", HTMLButtonElement);

/**
 * Opens a step.
 * @param {HTMLElement} root
 * @param {string} step
 */
export function openStep(root, step) {
  for (const panel of all(root, "[data-panel]", HTMLElement)) panel.hidden = panel.dataset.panel !== step;
  for (const button of buttons(root))
    button.setAttribute("aria-current", button.dataset.go === step ? "step" : "false");
}

/**
 * Brings the open step into sight, and the keys to it: what led there is gone with the step before.
 * @param {HTMLElement} root
 * @param {string} step
 */
export function enterStep(root, step) {
  find(root, `[data-panel=${step}]`, HTMLElement).focus({ preventScroll: true });
  const bench = find(root, ".own-bench", HTMLElement);
  if (bench.getBoundingClientRect().top < 0) bench.scrollIntoView();
}

/**
 * Brings the whole picture into sight.
 * @param {HTMLElement} root
 */
export function seeBench(root) {
  const { top, bottom } = find(root, ".own-stage", HTMLElement).getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) find(root, ".own-bench", HTMLElement).scrollIntoView();
}

/**
 * The steps wait for a picture; one of them can be opened for what a file tells.
 * @param {HTMLElement} root
 * @param {string} [only]
 */
export function allowSteps(root, only) {
  for (const button of buttons(root)) if (!only || button.dataset.go === only) button.disabled = false;
}

/**
 * Says what a tap would put somewhere.
 * @param {HTMLElement} root
 * @param {string} [active]
 */
export function showTurn(root, active = "") {
  for (const button of all(root, "[data-pick]", HTMLButtonElement))
    button.setAttribute("aria-pressed", String(button.dataset.pick === active));
  for (const line of all(root, "[data-turn]", HTMLElement))
    line.hidden = Boolean(line.dataset.turn) === Boolean(active);
}

/**
 * Whether a step's marks are laid, so that it has found something.
 * @param {HTMLElement} root
 * @param {string} step
 * @param {boolean} done
 */
export function markDone(root, step, done) {
  for (const button of buttons(root))
    if (button.dataset.go === step) find(button, "[data-done]", HTMLElement).hidden = !done;
}

/**
 * The step that some states name, if one does.
 * @param {HTMLElement} root
 * @param {string[]} states
 */
export function stepIn(root, states) {
  return buttons(root)
    .map(({ dataset }) => dataset.go ?? "")
    .find((step) => states.includes(step));
}
