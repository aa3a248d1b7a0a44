// The steps of the check: which one is open, which can be opened, and which have been done.

import { all, find } from "../dom.js";

const ANSWER = 160; // pixels that an answer may take: its verdict and a few lines

/** @param {HTMLElement} root */
const buttons = (root) => all(root, ".own-steps [data-go]", HTMLButtonElement);

/**
 * Opens a step.
 * @param {HTMLElement} root
 * @param {string} step
 */
export function openStep(root, step) {
  for (const panel of all(root, "[data-panel]", HTMLElement)) {
    panel.hidden = panel.dataset.panel !== step;
    panel.ariaHidden = panel.hidden ? "true" : null; // what is inside is hidden by its style, the region itself is not
  }
  find(root, ".own-bench", HTMLElement).dataset.step = step; // for style sheets: :has() would be asked at every change
  for (const button of buttons(root))
    button.setAttribute("aria-current", button.dataset.go === step ? "step" : "false");
}

/**
 * Lays the closed steps out ahead, one at a time while nothing else is to be done.
 * @param {HTMLElement} root
 */
function layAhead(root) {
  const panels = all(root, "[data-panel][hidden]", HTMLElement);
  const next = () => {
    panels.shift()?.firstElementChild?.getBoundingClientRect();
    if (panels.length) idle(next);
  };
  const idle = window.requestIdleCallback ?? setTimeout; // older Safari has none
  idle(next);
}

/**
 * Brings the open step into sight, and the keys to it: what led there is gone with the step before.
 * @param {HTMLElement} root
 * @param {string} step
 */
export function enterStep(root, step) {
  const panel = find(root, `[data-panel=${step}]`, HTMLElement);
  panel.focus({ preventScroll: true });
  const bench = find(root, ".own-bench", HTMLElement);
  const below = panel.getBoundingClientRect().top > innerHeight / 2;
  if (below || bench.getBoundingClientRect().top < 0) bench.scrollIntoView();
}

/**
 * Whether all of the picture is in sight, and where its answer comes to stand.
 * @param {HTMLElement} root
 */
function seen(root) {
  const { top, bottom } = find(root, ".own-stage", HTMLElement).getBoundingClientRect();
  const answers = all(root, "[data-panel]:not([hidden]) .own-finding", HTMLElement);
  const foot = Math.max(bottom, ...answers.map((each) => each.getBoundingClientRect().top + ANSWER));
  return top >= 0 && foot <= innerHeight;
}

/**
 * Brings picture and answer into sight; the keys go there too, off the button that brought it.
 * @param {HTMLElement} root
 */
export function seeBench(root) {
  if (!seen(root)) find(root, ".own-bench", HTMLElement).scrollIntoView();
  const panel = find(root, "[data-panel]:not([hidden])", HTMLElement);
  if (find(root, ".own-choose", HTMLElement).contains(document.activeElement)) panel.focus({ preventScroll: true });
}

/**
 * Brings a step's answer into sight where it stands below the picture, not beside it.
 * @param {HTMLElement} root
 */
export function seeAnswer(root) {
  const [left, right] = [".own-left", ".own-right"].map((name) =>
    find(root, name, HTMLElement).getBoundingClientRect(),
  );
  if (right.left < left.right && !seen(root)) find(root, ".own-bench", HTMLElement).scrollIntoView();
}

/**
 * The steps wait for a picture; one of them can be opened for what a file tells. All are then laid out ahead.
 * @param {HTMLElement} root
 * @param {string} [only]
 */
export function allowSteps(root, only) {
  for (const button of buttons(root)) if (!only || button.dataset.go === only) button.disabled = false;
  if (!only) layAhead(root);
}

/**
 * Says what a tap would put somewhere.
 * @param {HTMLElement} root
 * @param {string} step
 * @param {import("./marks.js").Marks | null} marks
 */
export function showTurn(root, step, marks) {
  const active = marks?.active ?? "";
  for (const button of all(root, "[data-pick]", HTMLButtonElement))
    button.setAttribute("aria-pressed", String(button.dataset.pick === active));
  const turn = active ? "" : marks?.given(step) ? "given" : "none";
  for (const line of all(root, "[data-turn]", HTMLElement)) line.hidden = line.dataset.turn !== turn;
  if (active) sayIdle(root, "");
}

/**
 * Says, on the picture itself, why a tap there has moved nothing.
 * @param {HTMLElement} root
 * @param {string} [says]
 */
export function sayIdle(root, says) {
  const marked = root.querySelector(".own-mark:not([hidden])");
  const why = marked
    ? "Nothing moved: all marks stand. Drag one, or choose it and tap."
    : "Nothing is marked in this step.";
  find(root, "[data-out=idle]", HTMLElement).textContent = says ?? why;
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
