// The settings that a file kept, each put beside what the page says of it.

import { all, find } from "../dom.js";
import { fills } from "./fills.js";

/** @typedef {import("../settings/read.js").Read} Read */

const CITED = /^(ddim|plms|pndm)(scheduler)?$/i; // samplers of which our sources tell
const OURS = "this site"; // as the reader of settings calls it
const SHOWN = 600; // letters of a value
const ON_CARD = ["prompt", "negative", "seed", "steps", "sampler", "guidance", "size", "model"];
const SHORT = 240; // letters of a value on a card

/**
 * @param {HTMLElement} root
 * @param {Read} read
 * @param {string} [ours] what is known of a picture of ours that keeps no settings
 */
export function tell(root, read, ours) {
  const { kind, width, height, tool, hidden, settings, says } = read;
  const values = /** @type {Record<string, string>} */ (settings);
  const sides = width ? `, ${width} × ${height}` : "";
  const where = hidden ? ", hidden in the last bits of its transparency" : "";
  const whose = tool === OURS ? `${tool} writes them into its own pictures` : `${tool} writes them`;
  const parts = [kind && `${kind}${sides}.`, tool && `Settings as ${whose}${where}.`, ours ?? says];
  find(root, "[data-out=file]", HTMLElement).textContent = parts.filter(Boolean).join(" ");
  find(root, ".own-settings", HTMLElement).hidden = !tool;
  const kept = ON_CARD.filter((name) => values[name]).map(
    (name) => `${title(root, name)}: ${cut(values[name], SHORT)}`,
  );
  const card = find(root, "[data-kept]", HTMLOutputElement);
  card.textContent = kept.length ? kept.join("; ") : (ours ?? "The file keeps none that we can read.");
  card.dataset.kept = kept.length ? `Settings as ${tool} writes them` : "";
  for (const entry of all(root, "[data-setting]", HTMLElement)) {
    const name = entry.dataset.setting ?? "";
    const value = values[name] ?? "";
    entry.hidden = Boolean(tool) && !value;
    const out = find(entry, "output", HTMLOutputElement);
    out.textContent = cut(value, SHOWN);
    find(entry, "[data-yours]", HTMLElement).textContent = value ? note(name, values, read) : "";
  }
}

/**
 * @param {string} value
 * @param {number} most letters
 */
const cut = (value, most) => (value.length > most ? `${value.slice(0, most)}…` : value);

/**
 * A setting as the page calls it.
 * @param {HTMLElement} root
 * @param {string} name
 */
const title = (root, name) =>
  find(root, `[data-setting=${name}] dt`, HTMLElement).firstChild?.textContent?.trim() ?? "";

/**
 * What can be said of this very value.
 * @param {string} name
 * @param {Record<string, string>} values
 * @param {Read} read
 */
function note(name, values, { tool, width, height }) {
  const value = values[name];
  if (name === "prompt" || name === "negative") return fills(value, values, tool === OURS);
  if (name === "sampler" && !CITED.test(value.trim())) return "Of this sampler our sources do not say.";
  if (name === "strength" && /\bhires\b/i.test(values.others ?? ""))
    return "Hires settings stand beside it: then no picture need have been handed in, for it may be the tool’s own first picture that was enlarged and painted anew. Our sources do not say.";
  const [, w, h] = (name === "size" && /^(\d+)\s*[x×]\s*(\d+)$/.exec(value)) || [];
  if (w && width && (Number(w) !== width || Number(h) !== height)) {
    return `The file has ${width} × ${height}: enlarged, cut or turned since.`;
  }
  return "";
}
