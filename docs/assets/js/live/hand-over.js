// A run that a reader hands on: its link, the picture on show with its settings in the file, the last one to the judges.

import { keep } from "../address.js";
import { format } from "../state.js";
import { SHORT, states } from "./settings.js";
import { copied, save } from "./take-along.js";

/**
 * @typedef {import("./panel.js").Panel} Panel
 * @typedef {import("./run.js").Settings} Settings
 */

const SAID_MS = 4000; // how long a button says what came of it

/**
 * Does what a run's button says.
 * @param {HTMLElement} lab
 * @param {Panel} panel
 * @param {HTMLButtonElement} button
 * @param {Map<string, Panel>} panels this one, and another that may stand beside it
 */
export async function handOver(lab, panel, button, panels) {
  const { action } = button.dataset;
  const { run } = panel;
  if (!run) return;
  const beside = [...panels.values()].find((other) => other !== panel && !other.root.hidden);
  if (action === "link") await handLink(button, format(lab.id, states(run, beside?.run)));
  if (action === "save") await saveShown(panel, run, lab.dataset.model ?? "");
  if (action === "read") await (await import("./judged.js")).judge(lab, panel);
}

/**
 * Puts a run's link into the address, copies it where that is allowed, and says on the button what was done.
 * @param {HTMLButtonElement} button
 * @param {string} hash
 */
async function handLink(button, hash) {
  keep(hash);
  button.dataset.says ??= button.textContent ?? "";
  button.textContent = (await copied(location.href)) ? "Link copied" : "The link stands in the address bar";
  setTimeout(() => button.replaceChildren(button.dataset.says ?? ""), SAID_MS);
}

/**
 * @param {Panel} panel
 * @param {Settings} run
 * @param {string} model
 */
function saveShown({ picture, drawn }, run, model) {
  const text = `${told(run, model)}, Shown: step ${drawn + 1}`;
  return save(picture, text, `painted-${run.seed}-${drawn + 1}-of-${run.steps}.png`);
}

/**
 * A run in words, for a picture's metadata.
 * @param {Settings} settings
 * @param {string} model
 */
function told({ seed, steps, sampler, plan }, model) {
  const [first, ...later] = plan;
  const changes = later.map(({ at, prompt, guidance }) => `from step ${at + 1}: ${prompt}, guidance ${guidance}`);
  const way = sampler === "DDIMFresh" ? "DDIM, Eta DDIM: 1" : SHORT[sampler];
  const how = `Steps: ${steps}, Sampler: ${way}, CFG scale: ${first.guidance}, Seed: ${seed}, Model: ${model}`;
  return [first.prompt, ...changes, how].join("\n");
}
