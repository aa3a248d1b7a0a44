// A picture's file -> its kind, its sides and the settings that a tool left in it: all of it in the page, nothing sent.

import { isAvif, readAvif } from "./avif.js";
import { Found, MOST_BYTES, why } from "./bytes.js";
import { ofGraph } from "./comfy.js";
import { isJpeg, readJpeg } from "./jpeg.js";
import { isJson, objectOf } from "./json.js";
import { commentOf, ofDrawThings, ofInvoke, ofNovel, ofOurs } from "./others.js";
import { isPng, readPng } from "./png.js";
import { unreadable } from "./unread.js";
import { ofParameters } from "./web-ui.js";
import { isWebp, readWebp } from "./webp.js";

/**
 * @typedef {import("./web-ui.js").Settings} Settings
 * @typedef {{ kind: string, width: number, height: number, tool: string, hidden: boolean, settings: Settings,
 *   says: string }} Read what a file is, its sides where they are told, whose settings these are, whether they stood in the
 *   picture itself, and one line where there is something to say
 */

const KINDS =
  /** @type {[string, (bytes: Uint8Array) => boolean, (bytes: Uint8Array<ArrayBuffer>, found: Found) => Promise<void>][]} */ ([
    ["PNG", isPng, readPng],
    ["JPEG", isJpeg, readJpeg],
    ["WebP", isWebp, readWebp],
    ["AVIF", isAvif, readAvif],
  ]);
const PAINTED_HERE = /, Shown: step \d+$/; // as live/hand-over.js ends the lines of a picture painted in a page of ours
const NOVEL = /"(?:uc|v4_prompt)\\?"\s*:/; // in a text that stands in another one, quotation marks are escaped
const NONE =
  "The file keeps no settings that we can read. Most cameras, screens and sites write none or take them out.";

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Read>}
 */
export async function read(bytes) {
  const found = new Found();
  const [kind, , reads] = KINDS.find(([, is]) => is(bytes)) ?? [];
  const nothing = { kind: "", width: 0, height: 0, tool: "", hidden: false, settings: {} };
  if (!bytes.length) return { ...nothing, says: "The file is empty." };
  if (!kind || !reads) return { ...nothing, says: unreadable(bytes) };
  if (bytes.length > MOST_BYTES)
    return { ...nothing, says: `The file has more than ${MOST_BYTES / 1e6} MB; it was left unread.` };
  await found.part(() => reads(bytes, found));
  const [tool, settings] = whose(found);
  const says = found.faults[0] ?? (tool ? "" : NONE);
  return { kind, width: found.width, height: found.height, tool, hidden: found.hidden, settings, says };
}

/**
 * Whose settings a file's texts are, and what they say; the first that can be read.
 * @param {Found} found
 * @returns {[string, Settings]}
 */
function whose(found) {
  const texts = new Map(found.texts.map(({ keyword, text }) => [keyword, text]));
  for (const [tool, settings] of claims(texts)) {
    try {
      const said = Object.entries(settings()).filter(([, value]) => value);
      if (said.length) return [tool, Object.fromEntries(said)];
    } catch (error) {
      found.faults.push(why(error));
    }
  }
  return ["", {}];
}

/**
 * Who may have written these texts, surest first, each with how to read them.
 * @param {Map<string, string>} texts by keyword
 * @returns {Generator<[string, () => Settings]>}
 */
function* claims(texts) {
  /** @param {string} name */
  const text = (name) => texts.get(name) ?? "";
  const comment = text("UserComment") || text("comment");
  const xmp = commentOf(text("xmp"));
  if (texts.has("revision") && texts.has("guidance_scale"))
    yield ["this site", () => ({ ...ofOurs(texts), ...own(text("parameters")) })];
  if (text("description").startsWith('{"model"')) yield ["this site", () => ofOurs(strings(text("description")))];
  for (const name of ["invokeai_metadata", "sd-metadata"]) {
    if (texts.has(name)) yield ["InvokeAI", () => ofInvoke(text(name))];
  }
  const byName = text("Software") === "NovelAI" ? text("Comment") || comment : "";
  const novel = [text("Comment"), comment, xmp].find(isNovel) || byName;
  const prompt = text("Description") || text("description");
  if (novel) yield ["NovelAI", () => ofNovel(novel, text("Source"), prompt)];
  for (const json of [text("parameters"), comment, text("camera")]) {
    if (has(json, "sui_image_params")) yield ["SwarmUI", () => ofParameters(json)];
  }
  for (const json of [xmp, comment]) {
    if (json !== novel && (has(json, "c") || has(json, "uc"))) yield ["Draw Things", () => ofDrawThings(json)];
  }
  if (texts.has("parameters")) yield [webUi(text("parameters")), () => ofParameters(text("parameters"))];
  for (const json of [text("prompt"), text("workflow"), comment]) {
    if (isGraph(json)) yield ["ComfyUI", () => ofGraph(json)];
  }
  if (isParameters(comment) || (isJson(comment) && has(comment, "prompt")))
    yield [webUi(comment), () => ofParameters(comment)];
}

/** @param {string} text */
const isParameters = (text) => /(^|\n)(Steps: \d|Negative prompt:)/.test(text);

/** @param {string} text */
const isGraph = (text) => text.trimStart().startsWith("{") && /"(class_type|nodes)"/.test(text);

/**
 * NovelAI's object, or one whose "Comment" holds it, as it or its text: what other files than PNG keep of all its texts.
 * @param {string} text
 */
const isNovel = (text) => isJson(text) && !has(text, "c") && NOVEL.test(text) && has(text, "(?:sampler|Comment)");

/**
 * Whether a name stands in an object's text.
 * @param {string} json
 * @param {string} name
 */
const has = (json, name) => new RegExp(`"${name}"\\s*:`).test(json);

/** @param {string} text */
const webUi = (text) =>
  isJson(text) ? "a web interface" : PAINTED_HERE.test(text) ? "this site" : "a Stable Diffusion web UI";

/**
 * @param {string} parameters
 * @returns {Settings}
 */
function own(parameters) {
  const said = Object.entries(parameters ? ofParameters(parameters) : {}).filter(([, value]) => value);
  return Object.fromEntries(said);
}

/**
 * What our small pictures say of themselves.
 * @param {string} json
 */
function strings(json) {
  return new Map(Object.entries(objectOf(json)).map(([name, value]) => [name, String(value)]));
}
