// The form that a run is asked with: its fields as settings, and settings as its fields.

import { all, around, find, steady, tell } from "../dom.js";

/**
 * @typedef {import("./run.js").Settings} Settings
 * @typedef {import("./run.js").Words} Words
 */

/**
 * @param {HTMLElement} root
 * @param {string} name
 */
export function field(root, name) {
  return find(root, `[name=${name}]`, HTMLInputElement);
}

/**
 * Whether something of a form holds what a reader gives.
 * @param {EventTarget | null} target
 * @returns {target is HTMLInputElement | HTMLTextAreaElement}
 */
export function isField(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/**
 * Has Enter send a form from words that may fill several lines.
 * @param {HTMLTextAreaElement} words
 */
export function sendOnEnter(words) {
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    words.form?.requestSubmit();
  });
  words.addEventListener("input", () => {
    if (words.value.includes("\n")) words.value = words.value.replace(/\s*\n\s*/g, " ");
  });
}

/**
 * Does what moves the page once no pointer is down, or a press that began above would end beside what it was meant for.
 * @param {() => void} then
 */
export function whenFree(then) {
  if (document.querySelector(":active")) addEventListener("pointerup", () => setTimeout(then), { once: true });
  else then();
}

/**
 * A field that is folded in and wrong is opened: the browser could not point to it. Sliders are steadied.
 * @param {HTMLElement} root
 * @param {AbortSignal} signal
 */
export function ready(root, signal) {
  const open = (/** @type {Event} */ event) => around(event, "details", HTMLElement)?.setAttribute("open", "");
  root.addEventListener("invalid", open, { signal, capture: true });
  for (const range of all(root, "[type=range]", HTMLInputElement)) steady(range, signal);
}

/**
 * What is asked for, but for the words.
 * @param {HTMLElement} root
 */
export function read(root) {
  const { value } = find(root, "[name=sampler]", HTMLSelectElement);
  const sampler = /** @type {Settings["sampler"]} */ (value);
  const [seed, steps] = ["seed", "steps"].map((name) => Number(field(root, name).value) >>> 0);
  return { negative: root.dataset.negative ?? "", seed, steps, sampler };
}

/**
 * @param {HTMLElement} root
 * @param {Settings} settings
 */
export function write(root, { seed, steps, sampler, plan: [{ guidance }] }) {
  find(root, "[name=sampler]", HTMLSelectElement).value = sampler;
  for (const [name, value] of Object.entries({ seed, steps, guidance })) field(root, name).value = String(value);
}

/**
 * Shows a run and its words, or hides them: what is hidden is not asked for.
 * @param {{ root: HTMLElement, typed: HTMLElement, prompt: HTMLTextAreaElement }} panel
 * @param {boolean} on
 */
export function show({ root, typed, prompt }, on) {
  prompt.disabled = root.hidden = typed.hidden = !on;
  if (on) typed.closest("details")?.setAttribute("open", "");
}

/**
 * Marks the words that the model never saw.
 * @param {HTMLElement} root
 * @param {HTMLTextAreaElement} prompt
 * @param {Set<string>} known words that it was trained on; none where nobody knows
 */
export function markStrange(root, prompt, known) {
  const typed = prompt.value.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const strange = known.size ? [...new Set(typed)].filter((word) => !known.has(word)) : [];
  const quoted = strange.map((word) => `“${word}”`).join(", ");
  const says = "The model reads such a word in pieces that it knows from elsewhere and paints from the others.";
  const text = strange.length ? `Never seen in training: ${quoted}. ${says}` : "";
  tell(find(root, ".paint-strange", HTMLElement), text);
  prompt.setAttribute("aria-invalid", String(strange.length > 0));
}

/**
 * Loads the model that an element names, and shows how much of it has come.
 * @param {HTMLElement} root
 * @param {import("./session.js").Session} session
 */
export function load(root, session) {
  const { folder = "", bytes = "1", size = "0 0" } = root.dataset;
  const [width, height] = size.split(" ").map(Number);
  const progress = find(root, "progress", HTMLProgressElement);
  progress.value = 0;
  return session.load(new URL(folder, document.baseURI).href, { width, height }, (more) => {
    progress.value += more / Number(bytes);
  });
}
