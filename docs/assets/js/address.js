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

/** An address that is written once nothing has moved for a moment. */
export class Address {
  #of;
  #timer = 0;

  /** @param {() => string} of what is on show then */
  constructor(of) {
    this.#of = of;
  }

  rests() {
    this.leave();
    this.#timer = window.setTimeout(() => keep(this.#of()), RESTS_MS);
  }

  /** It stays as it is: the reader was led elsewhere, or is gone. */
  leave() {
    clearTimeout(this.#timer);
  }
}
