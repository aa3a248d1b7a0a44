// What a script finds in its element's own HTML, with the kind of element that it is, a line that it moves, a slider that it steadies,
// what it says.

/**
 * The first element that a selector finds. It is there, or page and script do not belong together: a TypeError.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T}
 */
export function find(root, selector, kind) {
  const [first] = all(root, selector, kind);
  if (!first) throw new TypeError(`${selector}: no ${kind.name} of this selector is there`);
  return first;
}

/**
 * Every element of a kind that a selector finds.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T[]}
 */
export function all(root, selector, kind) {
  return /** @type {T[]} */ ([...root.querySelectorAll(selector)].filter((element) => element instanceof kind));
}

/**
 * The element of a kind around what an event happened on, or that itself.
 * @template {Element} T
 * @param {Event} event
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T | null}
 */
export function around({ target }, selector, kind) {
  const found = target instanceof Element ? target.closest(selector) : null;
  return found instanceof kind ? found : null;
}

/**
 * A slider that a finger only scrolled across goes back to where it was: the page took that finger.
 * @param {HTMLInputElement} range
 * @param {AbortSignal} [signal]
 */
export function steady(range, signal) {
  let before = range.value;
  const keep = () => {
    before = range.value;
  };
  const putBack = () => {
    if (range.value === before) return;
    range.value = before;
    range.dispatchEvent(new Event("input", { bubbles: true }));
  };
  range.addEventListener("pointerdown", keep, { signal });
  range.addEventListener("pointercancel", putBack, { signal });
}

/**
 * Says something that is not said yet: what stays as it is, is neither laid out nor read out anew.
 * @param {HTMLElement} out
 * @param {string} says
 */
export function tell(out, says) {
  if (out.textContent !== says) out.textContent = says;
}
