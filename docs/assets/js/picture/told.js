// The settings that a file kept, each put beside what the page says of it.

import { all, find } from "../dom.js";

/** @typedef {import("../settings/read.js").Read} Read */

const PLACES = 75; // of the 77 that are read: without start and end
const PIECES = /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/gu; // the least that CLIP's tokenizer parts a text into
const WEIGHTS = /<[^<>]{1,200}>|\\[()]|[()[\]]|:-?[\d.]+(?=[)\]])/g; // what web interfaces take out before it is read
const CITED = /^(ddim|plms|pndm)(scheduler)?$/i; // samplers of which our sources tell
const SHOWN = 600; // letters of a value
const ON_CARD = ["prompt", "negative", "seed", "steps", "sampler", "guidance", "size", "model"];
const SHORT = 240; // letters of a value on a card

/**
 * @param {HTMLElement} root
 * @param {Read} read
 * @param {string} [ours] what is known of a picture of ours that keeps no settings
 */
export function tell(root, { kind, width, height, tool, hidden, settings, says }, ours) {
  const values = /** @type {Record<string, string>} */ (settings);
  const sides = width ? `, ${width} × ${height}` : "";
  const where = hidden ? ", hidden in the last bits of its transparency" : "";
  const whose = tool === "this site" ? `${tool} writes them into its own pictures` : `${tool} writes them`;
  const parts = [kind && `${kind}${sides}.`, tool && `Settings as ${whose}${where}.`, ours ?? says];
  find(root, "[data-out=file]", HTMLElement).textContent = parts.filter(Boolean).join(" ");
  find(root, ".own-settings", HTMLElement).hidden = !tool;
  const kept = ON_CARD.filter((name) => values[name]).map(
    (name) => `${title(root, name)}: ${cut(values[name], SHORT)}`,
  );
  const card = find(root, "[data-kept]", HTMLOutputElement);
  card.textContent = kept.length ? kept.join("; ") : "The file keeps none that we can read.";
  card.dataset.kept = kept.length ? `Settings as ${tool} writes them` : "";
  for (const entry of all(root, "[data-setting]", HTMLElement)) {
    const name = entry.dataset.setting ?? "";
    const value = values[name] ?? "";
    entry.hidden = Boolean(tool) && !value;
    const out = find(entry, "output", HTMLOutputElement);
    out.textContent = cut(value, SHOWN);
    find(entry, "[data-yours]", HTMLElement).textContent = value ? note(name, value, width, height) : "";
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
 * @param {string} value
 * @param {number} width
 * @param {number} height
 */
function note(name, value, width, height) {
  if (name === "prompt" || name === "negative") return places(value);
  if (name === "sampler" && !CITED.test(value.trim())) return "Of this sampler our sources do not say.";
  const [, w, h] = (name === "size" && /^(\d+)\s*[x×]\s*(\d+)$/.exec(value)) || [];
  if (w && width && (Number(w) !== width || Number(h) !== height)) {
    return `The file has ${width} × ${height}: enlarged, cut or turned since.`;
  }
  return "";
}

/**
 * The least places that a prompt fills: each of these pieces fills one or more.
 * @param {string} text
 */
export function places(text) {
  const count = (text.replace(WEIGHTS, " ").toLowerCase().match(PIECES) ?? []).length;
  const over =
    count > PLACES ? "so its end lies beyond them" : count > PLACES * 0.7 ? "so its end may lie beyond them" : "";
  return [`It fills at least ${count} of the ${PLACES} places between start and end`, over]
    .filter(Boolean)
    .join(", ")
    .concat(".");
}
