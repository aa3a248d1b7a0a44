// A diffusers folder -> parts that run. What it cannot run it refuses in one line, before any weights come.

import { Decoder } from "./decoder.js";
import { bytes, json } from "./files.js";
import { kernels } from "./memory.js";
import { refuse } from "./refused.js";
import { scheduleOf } from "./samplers.js";
import { TextEncoder as Encoder } from "./text-encoder.js";
import { Tokenizer } from "./tokenizer.js";
import { Unet } from "./unet.js";
import { Weights } from "./weights.js";

/**
 * @typedef {{ height: number, width: number }} Size of a picture in pixels
 * @typedef {(bytes: number) => void} Tell
 */

const FILES = { text_encoder: "model", unet: "diffusion_pytorch_model", vae: "diffusion_pytorch_model" };
const PIXELS = 8; // a side of what one place of the latents stands for

/**
 * What paints: text encoder, U-Net, tokenizer and schedule, in memory of their own.
 * @param {string} folder its address, with a slash at the end
 * @param {Size} size
 * @param {Tell} tell
 */
export async function loop(folder, size, tell) {
  const names = ["text_encoder/config.json", "unet/config.json", "scheduler/scheduler_config.json"];
  const [text, unet, scheduler] = await Promise.all(names.map((name) => json(folder + name)));
  refuse({ text_encoder: text, unet, scheduler }, latents(size));
  const memory = await kernels();
  const files = Promise.all([weights(memory, folder, "text_encoder", tell), weights(memory, folder, "unet", tell)]);
  const [[words, noise], tokenizer] = await Promise.all([files, json(`${folder}tokenizer/tokenizer.json`)]);
  return {
    memory,
    tokenizer: new Tokenizer(tokenizer),
    schedule: scheduleOf(scheduler),
    text: new Encoder(memory, words, text),
    unet: new Unet(memory, noise, unet, latents(size)),
  };
}

/**
 * What makes pictures of latents.
 * @param {string} folder
 * @param {Size} size
 * @param {Tell} tell
 */
export async function decoder(folder, size, tell) {
  const config = await json(`${folder}vae/config.json`);
  refuse({ vae: config }, latents(size));
  const memory = await kernels();
  return { memory, decoder: new Decoder(memory, await weights(memory, folder, "vae", tell), config, latents(size)) };
}

/** @param {Size} size */
const latents = ({ height, width }) => ({ height: height / PIXELS, width: width / PIXELS });

/**
 * @param {import("./memory.js").Memory} memory
 * @param {string} folder
 * @param {keyof FILES} part
 * @param {Tell} tell
 */
async function weights(memory, folder, part, tell) {
  const name = `${part}/${FILES[part]}.safetensors`;
  return new Weights(memory, await bytes(folder + name, tell), name);
}
