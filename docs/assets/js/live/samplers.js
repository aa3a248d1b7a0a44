// Ways from noise to latents, as diffusers takes them: DDIM, with fresh noise (eta 1) or none, and DPM-Solver++ (2M).

/**
 * @typedef {{ num_train_timesteps: number, beta_start: number, beta_end: number, steps_offset: number,
 *   set_alpha_to_one: boolean }} Config of scheduler_config.json
 * @typedef {{ latents: Float32Array, clean: Float32Array }} Stepped latents after a step; the clean ones that its guess
 *   amounts to
 * @typedef {{ timesteps: Int32Array, step: (i: number, latents: Float32Array, noise: Float32Array,
 *   before: Float32Array | null, fresh: () => Float32Array) => Stepped }} Sampler `before`: clean latents of the step before
 * @typedef {{ T: number, bars: Float32Array, offset: number, final: number }} Schedule how much of the variance is picture at
 *   each training timestep, and after the last
 * @typedef {keyof typeof SAMPLERS} Name
 */

const f = Math.fround;

/**
 * Betas evenly in their square roots; torch multiplies up in double precision.
 * @param {Config} config
 * @returns {Schedule}
 */
export function scheduleOf({ num_train_timesteps: T, beta_start, beta_end, steps_offset, set_alpha_to_one }) {
  const [from, to] = [f(beta_start ** 0.5), f(beta_end ** 0.5)];
  const step = f(f(to - from) / (T - 1));
  const bars = new Float32Array(T);
  let product = 1;
  for (let i = 0; i < T; i++) {
    const root = i < T / 2 ? f(from + f(step * i)) : f(to - f(step * (T - 1 - i)));
    product *= f(1 - f(root * root));
    bars[i] = product;
  }
  return { T, bars, offset: steps_offset ?? 0, final: (set_alpha_to_one ?? true) ? 1 : bars[0] };
}

/**
 * @param {Schedule} schedule
 * @param {number} steps
 * @param {number} [eta] share of the noise drawn anew
 * @returns {Sampler}
 */
function ddim({ T, bars, offset, final }, steps, eta = 0) {
  const ratio = Math.floor(T / steps);
  const timesteps = Int32Array.from({ length: steps }, (_, i) => (steps - 1 - i) * ratio + offset);
  /** @type {Sampler["step"]} */
  const step = (i, x, noise, _, fresh) => {
    const t = timesteps[i];
    const next = t - ratio < 0 ? final : bars[t - ratio];
    const anew = eta * Math.sqrt(((1 - next) / (1 - bars[t])) * (1 - bars[t] / next));
    const shares = [bars[t], 1 - bars[t], next, 1 - next - anew ** 2];
    const [signal, spread, more, less] = shares.map((share) => f(Math.sqrt(f(share))));
    const clean = x.map((value, j) => f(f(value - f(spread * noise[j])) / signal));
    const latents = clean.map((value, j) => f(more * value) + f(less * noise[j]));
    const drawn = anew && fresh();
    return { latents: drawn ? latents.map((value, j) => value + f(anew) * drawn[j]) : latents, clean };
  };
  return { timesteps, step };
}

/**
 * Of second order, in several steps, by the midpoint; the last step is of first order.
 * @param {Schedule} schedule
 * @param {number} steps
 * @returns {Sampler}
 */
function dpm({ T, bars, offset }, steps) {
  const ratio = Math.floor(T / (steps + 1));
  const timesteps = Int32Array.from({ length: steps }, (_, i) => (steps - i) * ratio + offset);
  const levels = [...Array.from(timesteps, (t) => Math.sqrt((1 - bars[t]) / bars[t])), 0];
  const alpha = levels.map((level) => 1 / Math.sqrt(1 + level * level));
  const sigma = levels.map((level, i) => level * alpha[i]);
  const lambda = levels.map((_, i) => Math.log(alpha[i]) - Math.log(sigma[i]));
  /** @type {Sampler["step"]} */
  const step = (i, x, noise, before) => {
    const h = lambda[i + 1] - lambda[i];
    const [keep, gain] = [sigma[i + 1] / sigma[i], -alpha[i + 1] * Math.expm1(-h)];
    const slope = before && i + 1 < steps ? h / (2 * (lambda[i] - lambda[i - 1])) : 0;
    const clean = x.map((value, j) => (value - sigma[i] * noise[j]) / alpha[i]);
    const aim = before && slope ? clean.map((value, j) => value + slope * (value - before[j])) : clean;
    return { latents: x.map((value, j) => keep * value + gain * aim[j]), clean };
  };
  return { timesteps, step };
}

/** @type {typeof dpm} */
const fresh = (schedule, steps) => ddim(schedule, steps, 1);

/** By the name of their class in diffusers. */
export const SAMPLERS = { DDIMScheduler: ddim, DDIMFresh: fresh, DPMSolverMultistepScheduler: dpm };
