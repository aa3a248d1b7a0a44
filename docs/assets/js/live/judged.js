// A finished picture read by judges: their file and their worker come when that is wanted, and go again.

import { find } from "../dom.js";
import { asked } from "./asked.js";
import { reply, start } from "./asking.js";
import { report } from "./report.js";

/**
 * @typedef {import("./jury.js").State} State
 * @typedef {import("./jury.js").Readings} Readings
 */

const SAYS = {
  file: "The judges did not come whole; check the connection and try again.",
  memory: "There is too little free memory to read here; close other tabs.",
  model: "These judges cannot read in a browser",
  other: "This browser cannot read it",
};

/**
 * Shows under a run what judges read in its last picture, or why they cannot.
 * @param {HTMLElement} lab
 * @param {import("./panel.js").Panel} panel
 */
export async function judge(lab, panel) {
  const { final, run } = panel;
  const { judges = "", grammar = "{}" } = lab.dataset;
  const [says, reading] = ["judging", "reading"].map((name) => find(panel.root, `[data-out=${name}]`, HTMLElement));
  const button = find(panel.root, "[data-action=read]", HTMLButtonElement);
  if (!final || button.ariaDisabled) return;
  button.ariaDisabled = "true"; // not disabled: that would take the keys from it
  says.textContent = "The judges are on their way.";
  try {
    const { state, readings } = await read(new URL(judges, document.baseURI).href, final);
    lab.classList.add("paint-judged");
    const words = run?.plan.at(-1)?.prompt ?? "";
    if (panel.final !== final) return;
    const { table, sentences } = report(state, readings, asked(words, JSON.parse(grammar)));
    reading.replaceChildren(table);
    says.textContent = sentences.join(" ");
  } catch (error) {
    says.textContent = error instanceof Error ? error.message : String(error);
  } finally {
    button.ariaDisabled = null;
  }
}

/**
 * Rejects with a sentence where it cannot be read.
 * @param {string} file address of the judges
 * @param {Uint8ClampedArray<ArrayBuffer>} picture RGBA
 * @returns {Promise<{ state: State, readings: Readings }>}
 */
export async function read(file, picture) {
  const worker = start("jury-worker.js");
  try {
    /** @param {string} type @param {import("./messages.js").ToJury} message */
    const ask = (type, message) => reply(worker, type, message, SAYS);
    const { state } = await ask("loaded", { type: "load", file });
    const { readings } = await ask("read", { type: "read", picture });
    return { state, readings };
  } finally {
    worker.terminate();
  }
}
