// What the steps show of a picture: what each finds at its marks, the colours there, a closer look.

import { all, find } from "../dom.js";
import { answersIn } from "./answers.js";
import { drawClose } from "./close.js";
import { look } from "./findings.js";
import { markDone } from "./steps.js";
import { showCard } from "./taken.js";

/**
 * @param {HTMLElement} root
 * @param {import("./sight.js").Sight} sight
 * @param {import("./marks.js").Marks} marks
 * @param {string} open the step that is open
 * @param {boolean} whole every step, not the open one alone
 */
export function show(root, sight, marks, open, whole) {
  const { rendered, painted } = find(root, "[data-panel=white]", HTMLElement).dataset;
  const white = rendered && painted ? { rendered: Number(rendered), painted: Number(painted) } : null;
  const known = { white, answers: answersIn(root) };
  for (const card of all(root, "[data-panel=card] [data-find]", HTMLOutputElement)) {
    const step = card.dataset.find ?? "";
    if (step !== open && !whole) continue;
    const { says, found, wrong, verdict } = look(step, marks, sight, known);
    const told = verdict && `${verdict}${marks.given(step) ? ", as we marked it" : ""}`;
    const own = find(root, `[data-panel=${step}] [data-find]`, HTMLOutputElement);
    put(own, says || (own.dataset.before ?? ""));
    put(find(root, `[data-verdict=${step}]`, HTMLOutputElement), told);
    put(card, found ? `${told}. ${says}` : wrong ? `Marks not usable: ${says}` : "");
    card.toggleAttribute("data-open", Boolean(says) && !found && !wrong);
    markDone(root, step, found && !marks.given(step));
  }
  if (open === "card") showCard(root, sight, marks);
  if (open === "colours") {
    for (const swatch of all(root, "[data-swatch]", HTMLElement))
      swatch.style.background = sight.colour(marks.at(swatch.dataset.swatch ?? "")).css;
  }
  for (const canvas of all(root, `[data-close][data-of=${open}]`, HTMLCanvasElement)) {
    const span = find(root, `[name=span-${open}]`, HTMLInputElement);
    drawClose(canvas, sight.canvas, marks.at(canvas.dataset.close ?? ""), Number(span.value) / 100);
  }
}

/**
 * Says something once: what is said again is not read out again.
 * @param {HTMLOutputElement} out
 * @param {string} says
 */
function put(out, says) {
  if (out.textContent !== says) out.textContent = says;
}
