// A picture that is fetched when a reader asks for it: what is on show stays until it is there, and a line says if it did not come.

import { find } from "./dom.js";

/**
 * Rejects where it does not come.
 * @param {string} src
 * @returns {Promise<HTMLImageElement>}
 */
export async function come(src) {
  const image = new Image();
  image.src = src;
  await image.decode();
  return image;
}

/**
 * Says in the element's line what did not come, and what to do; nothing, once all is there.
 * @param {HTMLElement} root
 * @param {string} what
 * @param {string} next
 */
export function late(root, what, next = "Choose it again to try.") {
  find(root, ".late", HTMLElement).textContent = what && `${what} did not come. Is there a connection? ${next}`;
}
