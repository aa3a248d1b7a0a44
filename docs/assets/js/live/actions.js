// The buttons of a run: those of what can be done now.

import { all } from "../dom.js";

/**
 * Shows these and no others. Where the keys stand on one that goes, they stand on the first that is there then.
 * @param {HTMLElement} root
 * @param {Record<string, unknown>} there
 */
export function offer(root, there) {
  const buttons = all(root, "[data-action]", HTMLButtonElement);
  const stay = buttons.filter(({ dataset }) => there[dataset.action ?? ""]);
  for (const button of stay) button.hidden = false;
  const goes = buttons.filter((button) => !stay.includes(button));
  if (goes.some((button) => button === document.activeElement)) stay[0]?.focus({ preventScroll: true });
  for (const button of goes) button.hidden = true;
}
