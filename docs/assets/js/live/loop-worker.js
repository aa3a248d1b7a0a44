// The loop in a worker of its own: one step of each run that is going, in turns, and an ear for the page between steps.

import { answer } from "./messages.js";
import { loop } from "./pipeline.js";
import { Run } from "./run.js";

/**
 * @typedef {import("./messages.js").Name} Name
 * @typedef {import("./messages.js").ToLoop} ToLoop
 * @typedef {import("./messages.js").FromLoop} FromLoop
 * @typedef {(told: FromLoop, given?: Transferable[]) => void} Tell
 */

/** @type {import("./run.js").Loop | undefined} */
let parts;
/** @type {Map<Name, { run: Run, going: boolean }>} */
const runs = new Map();
let busy = false;

/** Lets messages in. */
const breath = (() => {
  const { port1, port2 } = new MessageChannel();
  let go = () => {};
  port1.onmessage = () => go();
  return () =>
    new Promise((done) => {
      go = () => done(undefined);
      port2.postMessage(0);
    });
})();

/** @param {Tell} tell */
async function work(tell) {
  if (busy) return;
  busy = true;
  try {
    for (let going = true; going; await breath()) {
      going = false;
      for (const [name, entry] of runs) {
        if (!entry.going) continue;
        step(name, entry, tell);
        going = true;
      }
    }
  } finally {
    busy = false;
  }
}

/**
 * @param {Name} name
 * @param {{ run: Run, going: boolean }} entry
 * @param {Tell} tell
 */
function step(name, entry, tell) {
  tell({ type: "step", run: name, ...entry.run.step() });
  if (!entry.run.done) return;
  entry.going = false;
  tell({ type: "done", run: name });
}

/**
 * @param {Name} name
 * @param {Run} run
 * @param {Tell} tell
 * @param {boolean} anew whether steps from here on are of another run than those before
 */
function tellPlan(name, run, tell, anew) {
  tell({ type: "plan", run: name, plan: run.plan, anew });
}

answer(
  /**
   * @param {ToLoop} message
   * @param {Tell} tell
   */
  async (message, tell) => {
    if (message.type === "load") {
      parts = await loop(message.folder, message.size, (bytes) => tell({ type: "loading", bytes }));
      tell({ type: "loaded" });
    } else if (message.type === "begin") {
      runs.get(message.run)?.run.end();
      const run = new Run(/** @type {import("./run.js").Loop} */ (parts), message.settings);
      runs.set(message.run, { run, going: true });
      tellPlan(message.run, run, tell, true);
      await work(tell);
    } else {
      const entry = runs.get(message.run);
      if (!entry) return;
      entry.going = message.type !== "pause" && (message.type === "go" || entry.going);
      if (message.type === "pause") return tell({ type: "done", run: message.run });
      if (message.type === "go") entry.run.back(message.from);
      entry.going &&= !entry.run.done;
      entry.run.change(message.prompt, message.guidance);
      tellPlan(message.run, entry.run, tell, message.type === "go");
      await work(tell);
    }
  },
);
