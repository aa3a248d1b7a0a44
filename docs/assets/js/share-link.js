// A link to what is on show, handed on.

import { keep } from "./address.js";
import { around, find } from "./dom.js";

const SAID_MS = 2500; // how long it says what came of it

/**
 * An element's link hands on what it leads to, once it is pressed.
 * @param {HTMLElement} root
 * @param {AbortSignal} signal
 */
export function handsOn(root, signal) {
  const press = (/** @type {MouseEvent} */ event) => {
    const link = around(event, "a[data-out=link]", HTMLAnchorElement);
    if (link) handOver(event, link);
  };
  root.addEventListener("click", press, { signal });
}

/**
 * @param {HTMLElement} root
 * @param {string} hash where an element's link leads
 */
export function leadTo(root, hash) {
  find(root, "a[data-out=link]", HTMLAnchorElement).hash = hash;
}

/**
 * Hands the address of what is shown on: to whom the reader shares it with, or for pasting. It says so.
 * @param {MouseEvent} event
 * @param {HTMLAnchorElement} link
 */
export async function handOver(event, link) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // it opens elsewhere
  event.preventDefault();
  link.dataset.says ??= link.textContent ?? "";
  const url = link.href;
  if (!("stays" in link.dataset)) keep(url); // else the address says the same and more, of the reader's own
  const thumb = matchMedia("(pointer: coarse)").matches;
  try {
    if (thumb && navigator.share) return await navigator.share({ title: document.title, url });
    await navigator.clipboard.writeText(url);
    link.textContent = "Link copied";
  } catch {
    link.textContent = "The link is in the address bar"; // neither is allowed here, or nobody was chosen
  }
  setTimeout(() => link.replaceChildren(link.dataset.says ?? ""), SAID_MS);
}
