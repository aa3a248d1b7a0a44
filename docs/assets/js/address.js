// The address of what is on show. It is replaced, never added to: the back button leads out of the page, not through every
// step and choice.

const RESTS_MS = 250; // browsers limit how often an address may change

/**
 * Writes where the reader is; what the page keeps with its history stays.
 * @param {string} address
 * @param {Record<string, unknown>} [state] to keep with it
 */
export function keep(address, state) {
  history.replaceState({ ...history.state, ...state, kept: true }, "", address);
}

/**
 * Keeps something with the page where a link within it led: the address is the link's, and no page wrote it.
 * @param {Record<string, unknown>} state
 */
export function carry(state) {
  history.replaceState({ ...history.state, ...state }, "");
}

/** Whether the reader came back to what a page wrote here; then the browser knows better where on the page they were. */
export function cameBack() {
  return Boolean(history.state?.kept);
}

/** What is done once the reader has rested for a moment, as writing an address. */
export class Rest {
  #then;
  #ms;
  #timer = 0;

  /**
   * @param {() => void} then
   * @param {number} [ms]
   */
  constructor(then, ms = RESTS_MS) {
    this.#then = then;
    this.#ms = ms;
  }

  begins() {
    this.leave();
    this.#timer = window.setTimeout(this.#then, this.#ms);
  }

  /** It is not done: the reader was led elsewhere, or is gone. */
  leave() {
    clearTimeout(this.#timer);
  }
}
