// Latents and timesteps as the kernels take and give them.

/**
 * @typedef {import("./memory.js").Memory} Memory
 * @typedef {import("./memory.js").Address} Address
 */

export const CHANNELS = 4; // of latents
const ROW = 8; // values of a place as a product writes them
const SINE_BASE = Math.log(10000);

/**
 * Latents, their channels together, so many times one behind the other.
 * @param {Memory} memory
 * @param {Float32Array} latents [4][places]
 * @param {number} count
 * @returns {Address}
 */
export function put(memory, latents, count) {
  const places = latents.length / CHANNELS;
  const at = memory.take(count * latents.length);
  const rows = memory.floats(at, count * latents.length);
  for (let i = 0; i < rows.length; i++)
    rows[i] = latents[(i % CHANNELS) * places + (Math.floor(i / CHANNELS) % places)];
  return at;
}

/**
 * The way back, each by itself.
 * @param {Memory} memory
 * @param {Address} at given back
 * @param {number} count
 * @param {number} places
 */
export function take(memory, at, count, places) {
  const rows = memory.floats(at, count * places * ROW);
  const all = Array.from({ length: count }, (_, b) => {
    const latents = new Float32Array(CHANNELS * places);
    for (let i = 0; i < latents.length; i++)
      latents[i] = rows[(b * places + (i % places)) * ROW + Math.floor(i / places)];
    return latents;
  });
  memory.give(at);
  return all;
}

/**
 * Cosines and sines of a timestep.
 * @param {number} timestep
 * @param {number} count
 */
export function sines(timestep, count) {
  const half = count / 2;
  const waves = new Float32Array(count);
  for (let i = 0; i < half; i++) {
    const angle = Math.fround(timestep * Math.fround(Math.exp((-SINE_BASE * i) / half)));
    waves[i] = Math.cos(angle);
    waves[half + i] = Math.sin(angle);
  }
  return waves;
}
