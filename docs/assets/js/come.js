// A picture that is fetched when a reader asks for it: what is on show stays until it is there, and a line says if it did not
// come. Likewise for pictures that the page names itself.

import { all, find } from "./dom.js";

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
 * @param {string | (() => void)} next words, or what a button does, where nothing else is left to be pressed
 */
export function late(root, what, next = "Choose it again to try.") {
  const line = find(root, ".late", HTMLElement);
  const words = typeof next === "string" ? next : "";
  line.textContent = what && `${what} did not come. Is there a connection? ${words}`;
  if (!what || typeof next === "string") return;
  const again = button();
  again.addEventListener("click", next);
  line.append(again);
}

/**
 * An element's own pictures: where one of them does not come, a line says so, with a button that asks for it again; so does
 * a network that is back.
 * @param {HTMLElement} root
 * @param {AbortSignal} signal
 */
export function comeAgain(root, signal) {
  const line = find(root, ".late", HTMLElement);
  const tell = () => {
    if (!broken(root).length) line.replaceChildren();
    else if (!line.firstChild) line.append("A picture did not come. Is there a connection? ", button());
  };
  const ask = () => {
    for (const image of broken(root)) image.setAttribute("src", image.getAttribute("src") ?? "");
  };
  for (const told of ["load", "error"]) root.addEventListener(told, tell, { signal, capture: true });
  line.addEventListener("click", ask, { signal });
  addEventListener("online", ask, { signal });
  tell();
}

function button() {
  return Object.assign(document.createElement("button"), { type: "button", textContent: "Try again" });
}

/**
 * The pictures on show that failed.
 * @param {HTMLElement} root
 */
const broken = (root) =>
  all(root, "img", HTMLImageElement).filter(
    (image) => image.complete && !image.naturalWidth && image.getClientRects().length,
  );
