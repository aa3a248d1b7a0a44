// The place of a lab in an address: #ID.STATE.STATE, as in #lab-chrome.step-12.word-chrome. A state is KIND-VALUE, or
// one name. All that an element takes stands in its data-states, as an address has it: there the build finds what a link
// may name.

/**
 * The states that a fragment names of the element with this id, as they are read; null where it is another's.
 * @param {string} hash
 * @param {string} id
 * @returns {string[] | null}
 */
export function parse(hash, id) {
  const [name, ...states] = hash.replace(/^#/, "").split(".");
  return name === id ? states.flatMap(decoded) : null;
}

/**
 * The fragment that names these states.
 * @param {string} id
 * @param {string[]} states
 */
export function format(id, states) {
  const parts = states.map((state) => encodeURIComponent(state).replaceAll(".", "%2E"));
  return `#${[id, ...parts].join(".")}`;
}

/**
 * The value of a kind among some states.
 * @param {string[]} states
 * @param {string} kind
 * @returns {string | undefined}
 */
export function value(states, kind) {
  return states.find((state) => state.startsWith(`${kind}-`))?.slice(kind.length + 1);
}

/**
 * Likewise, where it is a whole number.
 * @param {string[]} states
 * @param {string} kind
 * @returns {number | undefined}
 */
export function count(states, kind) {
  const said = value(states, kind) || "none";
  return Number.isInteger(Number(said)) ? Number(said) : undefined;
}

/**
 * A state as it is read; none where its encoding is broken.
 * @param {string} part
 * @returns {string[]}
 */
function decoded(part) {
  try {
    return [decodeURIComponent(part)];
  } catch {
    return [];
  }
}
