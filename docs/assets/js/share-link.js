// A link to what is on show, handed on.

const SAID_MS = 2500; // how long it says what came of it

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
  history.replaceState({ lab: true }, "", url); // see lab.js
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
