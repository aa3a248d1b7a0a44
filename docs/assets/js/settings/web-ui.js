// What Stable Diffusion's web interfaces write under "parameters", and our own captures: the prompt, the negative one behind
// its name, and one last line of settings.

import { isJson, isObject, objectOf, plain } from "./json.js";

/**
 * @typedef {"prompt" | "negative" | "seed" | "steps" | "sampler" | "schedule" | "guidance" | "size" | "model" | "vae"
 *   | "encoder" | "clip" | "strength" | "added" | "others"} Name of a setting, as the page has it
 * @typedef {Partial<Record<Name, string>>} Settings
 */

const NEGATIVE = "Negative prompt:";
const LEAST = 3; // settings in a line that is one
const NAMES = /** @type {Map<string, Name>} */ (
  new Map(
    Object.entries({
      seed: "seed",
      steps: "steps",
      sampler: "sampler",
      "schedule type": "schedule",
      "cfg scale": "guidance",
      "distilled cfg scale": "guidance",
      size: "size",
      model: "model",
      vae: "vae",
      "clip skip": "clip",
      "denoising strength": "strength",
    }),
  )
);
const ADDED = /<lora:([^:>]{1,200})[^>]{0,50}>/g;
const MODULE = /^module \d+$/i; // a decoder, or a part that reads the words, loaded beside the model
const DECODER = /vae|^ae(?![a-z])/i;
const ENCODERS = ["cliplmodel", "clipgmodel", "txxlmodel", "qwenmodel", "gemmamodel", "llamamodel", "mistralmodel"]; // SwarmUI's
const MOST_OTHERS = 60;
const MOST_PAIRS = 1000; // of names and values

/**
 * @param {string} text
 * @returns {Settings}
 */
export function ofParameters(text) {
  if (isJson(text)) return ofJson(text);
  const lines = text.trim().split(/\r?\n/);
  const parts = pairs(lines.at(-1) ?? "");
  if (parts.length >= LEAST) lines.pop();
  const at = lines.findIndex((line) => line.startsWith(NEGATIVE));
  const prompt = (at < 0 ? lines : lines.slice(0, at)).join("\n");
  const negative = at < 0 ? "" : lines.slice(at).join("\n").slice(NEGATIVE.length).trim();
  const added = [...prompt.matchAll(ADDED)].map(([, name]) => name).join(", ");
  return { prompt, negative, added, ...named(parts.length >= LEAST ? parts : []) };
}

/**
 * @param {[string, string][]} parts
 * @returns {Settings}
 */
function named(parts) {
  /** @type {Settings} */
  const settings = {};
  const [encoders, others] = [[], []].map(() => /** @type {string[]} */ ([]));
  for (const [key, value] of parts) {
    const [module, decodes] = [MODULE.test(key), DECODER.test(value)];
    const name = module && decodes ? "vae" : NAMES.get(key.toLowerCase());
    if (name && !settings[name]) settings[name] = value;
    else if (module && !decodes) encoders.push(value);
    else others.push(`${key}: ${value}`);
  }
  return { ...settings, encoder: encoders.join(", "), others: others.slice(0, MOST_OTHERS).join("; ") };
}

/**
 * The names and values of a line of settings; a value in quotation marks may hold what parts them.
 * @param {string} line
 * @returns {[string, string][]}
 */
function pairs(line) {
  const parts = /** @type {[string, string][]} */ ([]);
  for (let at = 0; at < line.length && parts.length < MOST_PAIRS; ) {
    const colon = line.indexOf(":", at);
    if (colon < 0) break;
    let from = colon + 1;
    while (line[from] === " ") from++;
    const end = line[from] === '"' ? closing(line, from) : -1;
    const comma = line.indexOf(",", Math.max(from, end));
    const to = comma < 0 ? line.length : comma;
    const key = line.slice(at, colon).trim();
    if (/^[\w][\w .\-/]*$/.test(key)) parts.push([key, unquoted(line.slice(from, to).trim())]);
    at = to + 1;
  }
  return parts;
}

/**
 * Where a value in quotation marks ends; -1 where it does not.
 * @param {string} line
 * @param {number} from
 */
function closing(line, from) {
  for (let at = from + 1; at < line.length; at++) {
    if (line[at] === "\\") at++;
    else if (line[at] === '"') return at;
  }
  return -1;
}

/** @param {string} value */
function unquoted(value) {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}

/**
 * Some write an object in that place, SwarmUI one within another.
 * @param {string} text
 * @returns {Settings}
 */
function ofJson(text) {
  const whole = objectOf(text);
  const one = isObject(whole.sui_image_params) ? whole.sui_image_params : whole;
  return {
    prompt: plain(one, "prompt", "positive_prompt"),
    negative: plain(one, "negative_prompt", "negativeprompt"),
    seed: plain(one, "seed"),
    steps: plain(one, "steps"),
    sampler: plain(one, "sampler", "sampler_name", "comfyuisampler", "autowebuisampler"),
    schedule: plain(one, "scheduler"),
    guidance: plain(one, "cfg_scale", "cfgscale", "guidance_scale"),
    size: size(plain(one, "width"), plain(one, "height")),
    model: plain(one, "model", "base_model"),
    vae: plain(one, "vae"),
    encoder: ENCODERS.map((name) => plain(one, name))
      .filter(Boolean)
      .join(", "),
    added: [one.loras].flat().filter(isText).join(", "),
  };
}

/** @param {unknown} value */
const isText = (value) => typeof value === "string";

/**
 * @param {string} width
 * @param {string} height
 */
export function size(width, height) {
  return width && height ? `${width} × ${height}` : "";
}
