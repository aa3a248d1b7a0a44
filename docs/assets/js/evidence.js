// What a mark of evidence says, on a card beside it: as a pointer rests there, as the keyboard comes there, or at a tap.
// Without a script a mark is a plain link. One switch writes all of it into the text, on every page until it is off.

import { all, around } from "./dom.js";
import { endnotes } from "./endnotes.js";

const OPENS_MS = 120; // a pointer that only passes opens nothing
const CLOSES_MS = 250; // time for a pointer to come over to the card
const KINDS = /** @type {Record<string, [string, string]>} */ ({
  measured: ["Measured", "To its row"],
  derived: ["Worked out from the sources", "How claims are counted"],
  made: ["Made by us", "How claims are counted"],
  ours: ["Our reading", "How claims are counted"],
});

const card = Object.assign(document.createElement("span"), {
  className: "term-card evidence-card",
  id: "evidence-card",
  popover: "manual", // a term's card stays open under it
});
/** @type {HTMLAnchorElement | null} */
let open = null;
let timer = 0;

/** @param {HTMLAnchorElement} mark */
function show(mark) {
  clearTimeout(timer);
  if (mark === open) return;
  hide();
  open = mark;
  card.replaceChildren(...said(mark));
  for (const link of all(card, "a", HTMLAnchorElement)) link.tabIndex = -1; // the mark itself leads there
  mark.classList.add("evidence-open");
  mark.setAttribute("aria-describedby", card.id);
  mark.after(card); // in a term's card a part of it
  card.showPopover();
}

function hide() {
  clearTimeout(timer);
  card.remove();
  open?.classList.remove("evidence-open");
  open?.removeAttribute("aria-describedby");
  open = null;
}

/**
 * What stands on a mark's card: the note that it counts, or what it says of itself.
 * @param {HTMLAnchorElement} mark
 */
function said(mark) {
  const note = document.getElementById(`note-${mark.dataset.note}`);
  if (note) return [...note.cloneNode(true).childNodes];
  const kind = Object.keys(KINDS).find((name) => mark.classList.contains(name)) ?? "ours";
  const [title, more] = KINDS[kind];
  const head = Object.assign(document.createElement("strong"), { textContent: title });
  const link = Object.assign(document.createElement("a"), { textContent: more, href: mark.href });
  return [head, `${mark.dataset.says} `, link];
}

/** @param {Event} event */
function marked(event) {
  return around(event, "a.evidence:is([data-note], [data-says])", HTMLAnchorElement);
}

/** @param {Event} event */
function inCard({ target }) {
  return target instanceof Node && card.contains(target);
}

/** @param {PointerEvent} event */
function onPointer(event) {
  if (event.pointerType !== "mouse") return;
  clearTimeout(timer);
  const mark = marked(event);
  if (mark) timer = window.setTimeout(show, OPENS_MS, mark);
  else if (open && !inCard(event)) timer = window.setTimeout(hide, CLOSES_MS);
}

/** @param {FocusEvent} event */
function onFocus(event) {
  const mark = marked(event);
  if (mark?.matches(":focus-visible")) show(mark);
  else if (!mark && !inCard(event)) hide();
}

/**
 * A finger has nothing to rest with: its tap opens the card, and the card leads on.
 * @param {MouseEvent} event
 */
function onClick(event) {
  const mark = marked(event);
  if (mark && tapped(event)) {
    event.preventDefault();
    show(mark);
  } else if (!inCard(event)) hide();
}

/** @param {MouseEvent & { pointerType?: string }} event */
function tapped({ pointerType, detail }) {
  const finger = matchMedia("(hover: none)").matches && detail > 0;
  return pointerType ? pointerType !== "mouse" : finger;
}

/** @param {KeyboardEvent} event */
function onKey({ key }) {
  if (key === "Escape" && open) {
    hide();
  }
}

/** @param {Event} event */
function onSwitch(event) {
  const box = around(event, "[data-switch=sources]", HTMLInputElement);
  if (!box) return;
  document.documentElement.toggleAttribute("data-sources", box.checked);
  const theme = /** @type {any} */ (window);
  theme.__md_set("sources", box.checked); // overrides/main.html reads it back before anything is drawn
}

endnotes();
document.addEventListener("pointerover", onPointer);
document.addEventListener("focusin", onFocus);
document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
document.addEventListener("change", onSwitch);
for (const box of all(document, "[data-switch=sources]", HTMLInputElement)) {
  box.checked = document.documentElement.hasAttribute("data-sources");
}
