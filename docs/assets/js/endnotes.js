// On paper a figure has a number, and what it says stands in the list at the page's end, behind what is cited.

import { all } from "./dom.js";

const FIGURES = "article a.evidence:is(.measured, .derived)[data-says]";

function number() {
  const notes = document.querySelector(".notes");
  if (!notes) return;
  const list = notes.querySelector(".notes-list") ?? document.createElement("ol");
  list.classList.add("notes-list");
  notes.append(list);
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
}

function forget() {
  for (const item of all(document, ".notes-figure", HTMLElement)) item.remove();
  for (const mark of all(document, FIGURES, HTMLElement)) delete mark.dataset.note;
}

export function endnotes() {
  addEventListener("beforeprint", number);
  addEventListener("afterprint", forget);
}
