// ComfyUI's graph -> the settings of its first sampler: of nodes that feed each other, the one that no sampler feeds.

import { Unread } from "./bytes.js";
import { isObject, objectOf, plain } from "./json.js";
import { size } from "./web-ui.js";

/**
 * @typedef {{ kind: string, inputs: import("./json.js").Object_, from: string[] }} Node_ with the nodes that it hangs on
 * @typedef {Map<string, Node_>} Graph nodes by number
 */

const MOST = 5000; // nodes
const MOST_SAMPLERS = 50;
const MOST_LINKS = 32; // of a node, along which others are looked for
const SAMPLER = /sampler/i;
const NOT_A_SAMPLER = /Select|^Sampler(?!Custom)|upscale|detail|pipe|preview/i; // nodes that only choose one
const TEXT = /^(text|text_g|prompt|string|value|wildcard_text|clip_l|t5xxl)/i;
const HELPERS = ["noise", "sampler", "sigmas", "guider"]; // inputs of a sampler that is put together from nodes
const OTHER_MODELS =
  /SD3|SDXL|Flux|Hunyuan|Qwen|AuraFlow|Lumina|HiDream|Chroma|PixArt|Cascade|Kandinsky|Cosmos|LTXV|Wan[VI2]/; // in names of nodes
const VALUES = ["value", "int", "number", "seed"]; // as nodes that hold one value name it
const WIDGETS = /** @type {Record<string, string[]>} */ ({
  KSampler: ["seed", "", "steps", "cfg", "sampler_name", "scheduler", "denoise"],
  KSamplerAdvanced: ["", "noise_seed", "", "steps", "cfg", "sampler_name", "scheduler"],
  SamplerCustom: ["", "noise_seed", "", "cfg"],
  RandomNoise: ["noise_seed"],
  KSamplerSelect: ["sampler_name"],
  BasicScheduler: ["scheduler", "steps", "denoise"],
  CFGGuider: ["cfg"],
  FluxGuidance: ["guidance"],
  CLIPTextEncode: ["text"],
  PrimitiveString: ["value"],
  EmptyLatentImage: ["width", "height"],
  EmptySD3LatentImage: ["width", "height"],
  CheckpointLoaderSimple: ["ckpt_name"],
  UNETLoader: ["unet_name"],
  VAELoader: ["vae_name"],
  CLIPLoader: ["clip_name"],
  DualCLIPLoader: ["clip_name1", "clip_name2"],
  TripleCLIPLoader: ["clip_name1", "clip_name2", "clip_name3"],
  LoraLoader: ["lora_name"],
  LoraLoaderModelOnly: ["lora_name"],
}); // the names of values that a saved workflow leaves out

/**
 * @param {string} text of "prompt" or "workflow"
 * @returns {import("./web-ui.js").Settings}
 */
export function ofGraph(text) {
  const whole = objectOf(text);
  const graph = Array.isArray(whole.nodes) ? ofWorkflow(whole) : ofPrompt(whole);
  const samplers = [...graph.keys()].filter((id) => isSampler(graph.get(id))).slice(0, MOST_SAMPLERS);
  if (!samplers.length) throw new Unread("A ComfyUI graph is in it, but no sampler that we know.");
  const first = samplers.find((id) => !feeds(graph, id, "latent_image").some((other) => samplers.includes(other)));
  return of(graph, first ?? samplers[0], samplers.length);
}

/** @param {Node_ | undefined} node */
const isSampler = (node) => node !== undefined && SAMPLER.test(node.kind) && !NOT_A_SAMPLER.test(node.kind);

/**
 * @param {Graph} graph
 * @param {string} id of a sampler
 * @param {number} count of samplers
 * @returns {import("./web-ui.js").Settings}
 */
function of(graph, id, count) {
  /** @param {...string} names */
  const near = (...names) => valueNear(graph, id, names);
  const guider = feeds(graph, id, "guider")[0] ?? id;
  const latents = feeds(graph, id, "latent_image");
  const loaders = [...new Set([id, guider].flatMap((node) => feeds(graph, node, "model")))];
  return {
    prompt: textOf(graph, guider, "positive") || textOf(graph, guider, "conditioning"),
    negative: textOf(graph, guider, "negative"),
    seed: near("seed", "noise_seed"),
    steps: near("steps"),
    sampler: near("sampler_name"),
    schedule: near("scheduler"),
    guidance: near("cfg", "guidance"),
    strength: near("denoise"),
    size: size(value(graph, latents, "width"), value(graph, latents, "height")),
    model: value(graph, loaders, "ckpt_name") || value(graph, loaders, "unet_name"),
    vae: value(graph, [...graph.keys()], "vae_name"),
    added: loaders
      .map((other) => plain(graph.get(other)?.inputs, "lora_name"))
      .filter(Boolean)
      .join(", "),
    encoder: encoders(graph, [...feeds(graph, guider, "positive"), ...feeds(graph, guider, "conditioning")]),
    others: [
      count > 1 ? `${count} samplers in its graph; these are the settings of the first` : "",
      unlike(graph) && `nodes for other models: ${unlike(graph)}`,
    ]
      .filter(Boolean)
      .join("; "),
  };
}

/**
 * The first of some names on a sampler, on what helps it, or on a node that is wired there for the value alone.
 * @param {Graph} graph
 * @param {string} id
 * @param {string[]} names
 */
function valueNear(graph, id, names) {
  const near = [id, ...HELPERS.flatMap((name) => feeds(graph, id, name))].map((node) => graph.get(node)?.inputs ?? {});
  const wired = near.flatMap((inputs) => names.flatMap((name) => links(inputs[name])));
  const own = near.map((inputs) => plain(inputs, ...names));
  return [...own, ...wired.map((node) => plain(graph.get(node)?.inputs, ...VALUES))].find(Boolean) ?? "";
}

/**
 * The first of some nodes' values under a name.
 * @param {Graph} graph
 * @param {string[]} ids
 * @param {string} name
 */
function value(graph, ids, name) {
  return ids.map((id) => plain(graph.get(id)?.inputs, name)).find(Boolean) ?? "";
}

/**
 * The files that encode a text, by the nodes that it comes from.
 * @param {Graph} graph
 * @param {string[]} ids
 */
function encoders(graph, ids) {
  const inputs = ids.map((id) => graph.get(id)).filter((node) => node && !/vision/i.test(node.kind));
  const names = ["clip_name", "clip_name1", "clip_name2", "clip_name3", "clip_name4"];
  const files = inputs.flatMap((node) => names.map((name) => plain(node?.inputs, name)));
  return [...new Set(files)].filter(Boolean).join(", ");
}

/**
 * The kinds of nodes that no graph of Stable Diffusion 1.5 has.
 * @param {Graph} graph
 */
function unlike(graph) {
  const kinds = [...graph.values()].map(({ kind }) => kind.slice(0, 60)).filter((kind) => OTHER_MODELS.test(kind));
  return [...new Set(kinds)].slice(0, 5).join(", ");
}

/**
 * The text that an input's nodes encode.
 * @param {Graph} graph
 * @param {string} id
 * @param {string} input
 */
function textOf(graph, id, input) {
  for (const other of feeds(graph, id, input)) {
    const inputs = graph.get(other)?.inputs ?? {};
    const text = Object.keys(inputs)
      .filter((name) => TEXT.test(name))
      .map((name) => plain(inputs, name))
      .find(Boolean);
    if (text) return text;
  }
  return "";
}

/**
 * The nodes that an input hangs on, nearest first; from there on along all inputs.
 * @param {Graph} graph
 * @param {string} id
 * @param {string} input
 */
function feeds(graph, id, input) {
  const seen = new Set(links(graph.get(id)?.inputs[input]).filter((node) => graph.has(node)));
  for (const node of seen) {
    for (const other of graph.get(node)?.from ?? []) if (graph.has(other)) seen.add(other); // a set is gone through in the order it grows in
  }
  return [...seen];
}

/**
 * The node that an input's value names: [number, output].
 * @param {unknown} value
 * @returns {string[]}
 */
function links(value) {
  return Array.isArray(value) && value.length === 2 && typeof value[1] === "number" ? [String(value[0])] : [];
}

/**
 * @param {string} kind
 * @param {import("./json.js").Object_} inputs
 * @returns {Node_}
 */
function noded(kind, inputs) {
  return { kind, inputs, from: Object.values(inputs).flatMap(links).slice(0, MOST_LINKS) };
}

/**
 * @param {import("./json.js").Object_} prompt
 * @returns {Graph}
 */
function ofPrompt(prompt) {
  const graph = new Map();
  for (const [id, node] of Object.entries(prompt).slice(0, MOST)) {
    if (isObject(node) && typeof node.class_type === "string" && isObject(node.inputs))
      graph.set(id, noded(node.class_type, node.inputs));
  }
  return graph;
}

/**
 * A workflow as its editor keeps it, with links in a list and values without their names.
 * @param {import("./json.js").Object_} workflow
 * @returns {Graph}
 */
function ofWorkflow({ nodes, links: wires }) {
  const from = new Map(listOf(wires).map((wire) => [listOf(wire)[0], String(listOf(wire)[1])]));
  const graph = new Map();
  for (const node of listOf(nodes).filter(isObject)) {
    const names = Object.hasOwn(WIDGETS, String(node.type)) ? WIDGETS[String(node.type)] : [];
    const values = listOf(node.widgets_values);
    const inputs = Object.fromEntries(names.map((name, at) => [name, values[at]]).filter(([name]) => name));
    for (const input of listOf(node.inputs).filter(isObject)) {
      if (from.has(input.link)) inputs[String(input.name)] = [from.get(input.link), 0];
    }
    graph.set(String(node.id), noded(String(node.type), inputs));
  }
  return graph;
}

/**
 * @param {unknown} value
 * @returns {unknown[]}
 */
function listOf(value) {
  return Array.isArray(value) ? value.slice(0, MOST) : [];
}
