// A single run for its last picture.

import { Session } from "./session.js";

export { lacking } from "./session.js";

/**
 * Rejects with a sentence where it cannot be painted.
 * @param {DOMStringMap} asked folder, size and settings, the latter as JSON
 * @param {(step: number, steps: number) => void} tell
 * @returns {Promise<Uint8ClampedArray<ArrayBuffer>>} RGBA
 */
export async function paintOnce({ folder = "", size = "", settings = "" }, tell) {
  const [width, height] = size.split(" ").map(Number);
  /** @type {import("./run.js").Settings} */
  const all = JSON.parse(settings);
  /** @type {Session | undefined} */
  let session;
  try {
    return await new Promise((done, fail) => {
      session = new Session({
        plan: () => {},
        step: ({ i }) => tell(i + 1, all.steps),
        painted: (_, i, picture) => i === all.steps - 1 && done(picture),
        done: () => {},
        failed: (says) => fail(new Error(says)),
      });
      session
        .load(new URL(folder, document.baseURI).href, { width, height }, () => {})
        .then(() => session?.send({ type: "begin", run: "a", settings: all }), fail);
    });
  } finally {
    session?.close();
  }
}
