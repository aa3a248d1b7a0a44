// How a picture comes to the page: chosen, pasted, or dropped anywhere on it, which else would open it in the page's place.

import { around } from "../dom.js";

/**
 * @param {HTMLElement} root
 * @param {(file: Blob) => void} give
 * @param {AbortSignal} signal
 */
export function onBrought(root, give, signal) {
  /**
   * @param {Event} event
   * @param {DataTransfer | null} data
   */
  const hand = (event, data) => {
    const files = [...(data?.files ?? [])];
    const file = files.find(({ type }) => type.startsWith("image/")) ?? files[0];
    if (!file) return;
    event.preventDefault();
    give(file);
  };
  root.addEventListener("change", ({ target }) => chosen(target, give), { signal });
  addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault(), { signal });
  addEventListener("drop", (event) => hand(event, event.dataTransfer), { signal });
  addEventListener("paste", (event) => isTyped(event) || hand(event, event.clipboardData), { signal });
}

/**
 * @param {EventTarget | null} target
 * @param {(file: Blob) => void} give
 */
function chosen(target, give) {
  if (!(target instanceof HTMLInputElement) || target.type !== "file" || !target.files?.[0]) return;
  give(target.files[0]);
  target.value = ""; // the same file can be chosen again
}

/**
 * Whether it goes into a field of words: office programs put a picture of a text beside it.
 * @param {Event} event
 */
const isTyped = (event) => !!around(event, "textarea, [type=text]", HTMLElement);

/** @param {DragEvent} event */
const holdsFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files") ?? false;
