// Chips to choose a prompt by, in the words that the model was taught with.

import { all, find, tell } from "../dom.js";

/**
 * The prompt of the chips that are chosen.
 * @param {HTMLElement} root
 * @param {HTMLElement} last the chip that was chosen last
 */
export function composed(root, { dataset }) {
  const fits = show(root);
  const checked = all(root, "[data-chip]:checked", HTMLInputElement);
  const chosen = Object.fromEntries(checked.map((chip) => [chip.dataset.chip, chip]));
  const { phrase = "{colour}" } = chosen.finish?.dataset ?? {};
  const colour = fits.find((chip) => chip.checked) ?? fits[0];
  const before = chosen.colour?.value;
  if (colour) colour.checked = true;
  const became = before && colour && before !== colour.value ? `no ${before} there: now ${colour.value}` : "";
  // It stays until a colour is asked for again: what it takes with it would move the other chips from under the pointer.
  if (/finish|colour/.test(dataset.chip ?? "")) tell(find(root, "[data-out=became]", HTMLElement), became);
  const paint = phrase.replace("{colour}", colour?.value ?? "");
  const [body, world, view] = ["body", "world", "view"].map((name) => chosen[name]?.value ?? "");
  const car = ["a", paint, body || "car", world].filter(Boolean).join(" ");
  return view ? `${car}, ${view}` : car;
}

/**
 * Shows the colours that the chosen finish can have; these.
 * @param {HTMLElement} root
 */
function show(root) {
  const [finish] = all(root, "[data-chip=finish]:checked", HTMLInputElement);
  const colours = (finish?.dataset.colours ?? "").split(" ");
  const chips = all(root, "[data-chip=colour]", HTMLInputElement);
  const fits = chips.filter((chip) => !finish || colours.includes(chip.value));
  for (const chip of chips) find(root, `label:has(#${chip.id})`, HTMLElement).hidden = !fits.includes(chip);
  return fits;
}

/**
 * Chooses the chips whose words a prompt has, and no others.
 * @param {HTMLElement} root
 * @param {string} prompt
 */
export function choose(root, prompt) {
  for (const chip of all(root, "[data-chip]", HTMLInputElement)) {
    const { chip: kind, colours = "", phrase = "" } = chip.dataset;
    const paints = colours.split(" ").map((colour) => ` ${phrase.replace("{colour}", colour)} `);
    const said = kind === "finish" ? paints.some((paint) => prompt.includes(`a${paint}`)) : has(prompt, chip.value);
    chip.checked = chip.value !== "" && said;
  }
  show(root);
}

/**
 * @param {string} prompt
 * @param {string} words
 */
const has = (prompt, words) => ` ${prompt.replaceAll(",", " ")} `.includes(` ${words} `);
