// The settings of a run as a link names them, and as a saved picture tells them.

import { count, value } from "../state.js";

/**
 * @typedef {import("./run.js").Settings} Settings
 * @typedef {import("./run.js").Words} Words
 */

/** Names of samplers in links and pictures, the first of each as people know it. */
export const SHORT = { DDIMScheduler: "DDIM", DDIMFresh: "DDIM-fresh", DPMSolverMultistepScheduler: "DPM++2M" };

/**
 * States as state.js has them: seed-1, steps-20, sampler-DDIM, for each change of words words0-STEP~GUIDANCE~PROMPT, and
 * second0-… for each of another run's from the same noise, in as many steps by the same sampler.
 * @param {Settings} settings
 * @param {Settings | null} [other]
 * @returns {string[]}
 */
export function states({ seed, steps, sampler, plan }, other) {
  const alike = other?.seed === seed && other.steps === steps && other.sampler === sampler;
  const plans = { words: plan, second: alike ? other.plan : [] };
  const words = Object.entries(plans).flatMap(([kind, each]) =>
    // a prompt may hold anything, so it comes last
    each.map(({ at, prompt, guidance }, i) => `${kind}${i}-${at}~${guidance}~${prompt}`),
  );
  return [`seed-${seed}`, `steps-${steps}`, `sampler-${SHORT[sampler]}`, ...words];
}

/**
 * What states name; null where they name no run whose words are of this kind.
 * @param {string[]} named
 * @param {string} [kind]
 * @returns {Settings | null}
 */
export function settings(named, kind = "words") {
  const short = value(named, "sampler");
  const names = /** @type {Settings["sampler"][]} */ (Object.keys(SHORT));
  const sampler = names.find((name) => SHORT[name] === short);
  const [seed, steps] = [count(named, "seed"), count(named, "steps")];
  /** @type {Words[]} */
  const plan = [];
  for (let i = 0, text = value(named, `${kind}0`); text !== undefined; text = value(named, kind + ++i)) {
    const [at, guidance, ...prompt] = text.split("~");
    plan.push({ at: Number(at), guidance: Number(guidance), prompt: prompt.join("~") });
  }
  if (!sampler || seed === undefined || !steps) return null;
  const taken = Math.min(Math.max(steps, LEAST), MOST.steps);
  if (!isPlan(plan, taken)) return null;
  return { seed: seed >>> 0, steps: taken, sampler, plan, negative: "" };
}

/**
 * Whether words hold from the first step on, and each of the others from a later one.
 * @param {Words[]} plan
 * @param {number} steps
 */
function isPlan(plan, steps) {
  return (
    plan[0]?.at === 0 &&
    plan.every(({ at }, i) => Number.isInteger(at) && at < steps && (i === 0 || at > plan[i - 1].at)) &&
    plan.every(({ guidance }) => guidance >= 1 && guidance <= MOST.guidance)
  );
}

const LEAST = 2; // steps, as the form has it
export const MOST = { steps: 60, guidance: 12 };
