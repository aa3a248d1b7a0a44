// The card of what was found, as it is shown and as it is saved.

import { all, find } from "../dom.js";
import { card } from "./card.js";
import { through } from "./lines.js";

/**
 * Nothing where nothing has been found.
 * @param {HTMLElement} root
 * @param {import("./sight.js").Sight} sight
 * @param {import("./marks.js").Marks} marks
 */
export function taken(root, sight, marks) {
  const outs = all(root, "[data-panel=card] [data-find]", HTMLOutputElement);
  const findings = outs.map(({ dataset, textContent }) => ({
    title: dataset.title ?? "",
    says: textContent ?? "",
    ...lying(root, marks, dataset.find ?? ""),
  }));
  const kept = find(root, "[data-kept]", HTMLOutputElement);
  if (kept.dataset.kept)
    findings.push({ title: kept.dataset.kept, says: kept.textContent ?? "", marks: [], lines: [] });
  const told = findings.filter(({ says }) => says);
  if (!told.length) return null;
  const { textContent, dataset } = find(root, "[data-out=foot]", HTMLElement);
  const words = { title: dataset.title ?? "", site: dataset.site ?? "", foot: textContent ?? "" };
  return card(sight.canvas, told, words);
}

/**
 * What of a step lies on the picture; nothing where somebody has still to put one of its marks in place.
 * @param {HTMLElement} root
 * @param {import("./marks.js").Marks} marks
 * @param {string} step
 * @returns {import("./on-card.js").Marked}
 */
function lying(root, marks, step) {
  if (!marks.laid(step)) return { marks: [], lines: [] };
  const shapes = all(root, `[data-lines=${step}] [data-through]`, SVGPolygonElement);
  return {
    marks: marks.own(step).map(([name, { textContent }]) => ({ label: textContent ?? "", place: marks.at(name) })),
    lines: shapes.map((shape) => through(shape, marks.at)),
  };
}

/**
 * Shows the card before it is saved.
 * @param {HTMLElement} root
 * @param {import("./sight.js").Sight} sight
 * @param {import("./marks.js").Marks} marks
 */
export function showCard(root, sight, marks) {
  const drawn = taken(root, sight, marks);
  drawn?.setAttribute("role", "img");
  drawn?.setAttribute("aria-label", "The card as it will be saved; its words stand below");
  find(root, ".own-bench", HTMLElement).classList.toggle("own-drawn", !!drawn);
  find(root, "[data-out=preview]", HTMLElement).replaceChildren(...(drawn ? [drawn] : []));
}
