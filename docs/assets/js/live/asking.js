// How the page asks its workers, and what it says to a reader where they cannot.

/**
 * @typedef {import("./messages.js").Common} Common
 * @typedef {Extract<Common, { type: "failed" }>} Failed
 * @typedef {Record<Failed["kind"], string>} Says of each way to fail; the message follows where it tells more
 */

/**
 * A worker from a file of its own: its policy lets WebAssembly run, that of the page does not.
 * @param {string} file
 */
export function start(file) {
  return new Worker(new URL(file, import.meta.url), { type: "module" });
}

/**
 * Asks for one thing. Rejects with a sentence where it does not come.
 * @param {Worker} worker
 * @param {string} type of the answer
 * @param {{ type: string }} message
 * @param {Says} says
 * @param {(bytes: number) => void} [tell] how many bytes more have come
 * @returns {Promise<any>}
 */
export function reply(worker, type, message, says, tell = () => {}) {
  return new Promise((done, fail) => {
    worker.onerror = (event) => {
      event.preventDefault();
      fail(new Error(event.message ? `${says.other}.` : says.file)); // a script that does not come has no message
    };
    worker.onmessage = ({ data }) => {
      if (data.type === "loading") tell(data.bytes);
      if (data.type === "failed") fail(new Error(sentence(data, says)));
      if (data.type === type) done(data);
    };
    worker.postMessage(message);
  });
}

/**
 * @param {Failed} failed
 * @param {Says} says
 */
export function sentence({ kind, message }, says) {
  return kind === "model" || kind === "other" ? `${says[kind]}: ${message}.` : says[kind];
}
