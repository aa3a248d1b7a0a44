// The steps of the check: which one is open, and which have been done.

import { all } from "../dom.js";
import { reveal } from "./close.js";

/** @param {HTMLElement} root */
const buttons = (root) => all(root, ".own-steps [data-go]", HTMLButtonElement);

/**
 * Opens a step.
 * @param {HTMLElement} root
 * @param {string} step
 */
export function openStep(root, step) {
  const open = buttons(root).find(({ dataset }) => dataset.go === step);
  if (open) reveal(open); // before anything changes: the page is laid out once
  for (const panel of all(root, "[data-panel]", HTMLElement)) panel.hidden = panel.dataset.panel !== step;
  for (const button of buttons(root))
    button.setAttribute("aria-current", button.dataset.go === step ? "step" : "false");
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
