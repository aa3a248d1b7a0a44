// On paper a figure has a number, and what it says stands in the list at the page's end, behind what is cited.

import { all } from "./dom.js";

const FIGURES = "article a.evidence:is(.measured, .derived)[data-says]";
/** Of a page that cites nothing: there only while it is printed. */
const own = Object.assign(document.createElement("ol"), { className: "notes-list" });

function number() {
  const notes = document.querySelector(".notes");
  if (!notes) return;
  const list = notes.querySelector(".notes-list") ?? own;
  /** @type {Map<string, number>} what is said -> its number */
  const numbers = new Map();
  const cited = list.children.length;
  for (const mark of all(document, FIGURES, HTMLElement)) {
    if (mark.closest("[data-closed], [popover], [hidden]")) continue;
    const says = String(mark.dataset.says);
    if (!numbers.has(says)) {
      numbers.set(says, cited + numbers.size + 1);
      list.append(Object.assign(document.createElement("li"), { className: "notes-figure", textContent: says }));
    }
    mark.dataset.note = String(numbers.get(says));
  }
  if (list === own && numbers.size) notes.append(own);
}

function forget() {
  for (const item of all(document, ".notes-figure", HTMLElement)) item.remove();
  own.remove();
  for (const mark of all(document, FIGURES, HTMLElement)) delete mark.dataset.note;
}

export function endnotes() {
  addEventListener("beforeprint", number);
  addEventListener("afterprint", forget);
}
