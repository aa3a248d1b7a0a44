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
 * Says in the element's line what did not come; nothing, once all is there.
 * @param {HTMLElement} root
 * @param {string} what
 */
export function late(root, what) {
  const line = find(root, ".late", HTMLElement);
  line.textContent = what && `${what} did not come. Is there a connection? Choose it again to try.`;
}
