// What InvokeAI, NovelAI and Draw Things write, each its own object, and our own pictures.

import { isObject, objectOf, plain } from "./json.js";
import { size } from "./web-ui.js";

/** @typedef {import("./web-ui.js").Settings} Settings */

const ENCODERS = ["t5_encoder", "qwen3_encoder", "clip_embed_model", "clip_l_embed_model", "clip_g_embed_model"]; // InvokeAI's

/**
 * InvokeAI's, of all its versions: under "invokeai_metadata", or older under "sd-metadata".
 * @param {string} text
 * @returns {Settings}
 */
export function ofInvoke(text) {
  const whole = objectOf(text);
  const one = isObject(whole.image) ? whole.image : whole;
  const [prompt] = Array.isArray(one.prompt) ? one.prompt : [one];
  const loras = Array.isArray(one.loras) ? one.loras : [];
  return {
    prompt: plain(prompt, "positive_prompt", "prompt"),
    negative: plain(one, "negative_prompt"),
    seed: plain(one, "seed"),
    steps: plain(one, "steps"),
    sampler: plain(one, "scheduler", "sampler"),
    guidance: plain(one, "cfg_scale", "guidance"),
    size: size(plain(one, "width"), plain(one, "height")),
    model: based(one.model) || plain(whole, "model_weights", "model"),
    vae: plain(one.vae, "name", "model_name"),
    encoder: ENCODERS.map((name) => plain(one[name], "name", "model_name"))
      .filter(Boolean)
      .join(", "),
    clip: plain(one, "clip_skip"),
    strength: plain(one, "strength"),
    added: loras.map((lora) => (isObject(lora) ? plain(lora.model ?? lora.lora, "name", "model_name") : "")).join(", "),
    others: plain(whole, "app_version") && `InvokeAI ${plain(whole, "app_version")}`,
  };
}

/**
 * A model's name, with its kind where that is no Stable Diffusion 1.
 * @param {unknown} model
 */
function based(model) {
  const [name, base] = [plain(model, "name", "model_name"), plain(model, "base", "base_model")];
  return name && base && base !== "sd-1" ? `${name} (${base})` : name;
}

/**
 * NovelAI's, under "Comment": alone, or, where a file has room for one text only, in an object with its other texts.
 * @param {string} text
 * @param {string} source which model, under "Source"
 * @param {string} description the prompt, where the object has none, as older ones
 * @returns {Settings}
 */
export function ofNovel(text, source, description) {
  const whole = objectOf(text);
  const inner = Object.hasOwn(whole, "Comment") ? whole.Comment : whole;
  const one = isObject(inner) ? inner : objectOf(String(inner));
  return {
    prompt: plain(one, "prompt") || caption(one.v4_prompt) || plain(whole, "Description") || description,
    negative: plain(one, "uc") || caption(one.v4_negative_prompt),
    seed: plain(one, "seed"),
    steps: plain(one, "steps"),
    sampler: plain(one, "sampler"),
    schedule: plain(one, "noise_schedule"),
    guidance: plain(one, "scale"),
    size: size(plain(one, "width"), plain(one, "height")),
    strength: plain(one, "strength"),
    model: source || plain(whole, "Source"),
  };
}

/** @param {unknown} prompt */
const caption = (prompt) => (isObject(prompt) ? plain(prompt.caption, "base_caption") : "");

/**
 * Draw Things': an object in the comment of its XMP.
 * @param {string} text
 * @returns {Settings}
 */
export function ofDrawThings(text) {
  const one = objectOf(text);
  const loras = Array.isArray(one.lora) ? one.lora : [];
  return {
    prompt: plain(one, "c"),
    negative: plain(one, "uc"),
    seed: plain(one, "seed"),
    steps: plain(one, "steps"),
    sampler: plain(one, "sampler"),
    guidance: plain(one, "scale"),
    size: plain(one, "size").replace("x", " × "),
    strength: plain(one, "strength"),
    model: plain(one, "model"),
    added: loras
      .map((lora) => plain(lora, "model", "file"))
      .filter(Boolean)
      .join(", "),
  };
}

/**
 * Ours: a text for each setting, or in small pictures an object with a few.
 * @param {Map<string, string>} texts
 * @returns {Settings}
 */
export function ofOurs(texts) {
  /** @param {string} name */
  const text = (name) => texts.get(name) ?? "";
  return {
    prompt: text("prompt"),
    negative: text("negative"),
    seed: text("seed"),
    steps: text("steps"),
    sampler: text("scheduler"),
    guidance: text("guidance_scale"),
    model: text("model"),
  };
}

const SIGNS = /** @type {Record<string, string>} */ ({ lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" });

/**
 * The comment in an XMP text; none where it has none. It is looked for by its first name and its last, once.
 * @param {string} xmp
 */
export function commentOf(xmp) {
  const element = between(xmp, "<exif:UserComment", "</exif:UserComment>");
  const item = between(element, "<rdf:li", "</rdf:li>") || element;
  const text = item ? item.slice(item.indexOf(">") + 1) : between(xmp, 'exif:UserComment="', '"');
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,4}));/gi, (all, number, hex, name) => {
    const code = number ? Number(number) : Number.parseInt(hex, 16);
    if (name) return SIGNS[name] ?? all;
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

/**
 * @param {string} text
 * @param {string} first
 * @param {string} last
 */
function between(text, first, last) {
  const from = text.indexOf(first);
  const to = from < 0 ? -1 : text.indexOf(last, from + first.length);
  return to < 0 ? "" : text.slice(from + first.length, to);
}
