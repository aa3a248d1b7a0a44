// <level-diagram>: levels that open in their boxes, which they do without this script. It keeps the address at the level
// that is open, leads to a level from anywhere, and goes up by Escape or the trail. Of
// two diagrams side by side, both open alike.

import { keep } from "./address.js";
import { all, around, find } from "./dom.js";

class LevelDiagram extends HTMLElement {
  #leave = new AbortController();

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    // It does not bubble.
    this.addEventListener("toggle", (event) => this.#openBeside(event), { capture: true, signal });
    addEventListener("hashchange", () => this.#readHash(), { signal });
    this.#readHash();
  }

  disconnectedCallback() {
    this.#leave.abort();
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const details = around(event, "summary", HTMLElement)?.parentElement;
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey; // it opens in a place of its own
    const link = elsewhere ? null : around(event, "a[href^='#']", HTMLAnchorElement);
    if (details instanceof HTMLDetailsElement) {
      // Still as it was before the click.
      this.#keepHash(details.open ? details : find(details, ".diagram-level", HTMLElement));
      const { top } = details.getBoundingClientRect();
      // Deep levels have the whole width, so much moves around them: what was clicked stays where it is.
      requestAnimationFrame(() => scrollBy({ top: details.getBoundingClientRect().top - top, behavior: "instant" }));
    } else if (link) {
      const level = this.#level(link.hash);
      if (!level) return;
      event.preventDefault();
      this.#goTo(level);
    }
  }

  /**
   * Where another diagram stands beside this one, what opens in one opens in the other.
   * @param {Event} event
   */
  #openBeside({ target }) {
    const other = beside(this);
    if (!other || !(target instanceof HTMLDetailsElement)) return;
    const id = find(target, ".diagram-level", HTMLElement).id.slice(name(this).length);
    const details = document.getElementById(name(other) + id)?.closest("details");
    if (details) details.open = target.open;
  }

  /**
   * Escape closes the level around the focus and stands on what opens it.
   * @param {KeyboardEvent} event
   */
  #onKey(event) {
    const details = event.key === "Escape" && around(event, "details[open]", HTMLDetailsElement);
    if (!details) return;
    event.preventDefault();
    details.open = false;
    find(details, "summary", HTMLElement).focus();
    this.#keepHash(details);
  }

  /**
   * The level of this diagram that a fragment names.
   * @param {string} hash
   */
  #level(hash) {
    const level = document.getElementById(hash.slice(1));
    return level && this.contains(level) ? level : null;
  }

  /**
   * Shows one level: all around it open, all inside it closed.
   * @param {HTMLElement} level
   */
  #goTo(level) {
    for (const details of all(level, "details[open]", HTMLDetailsElement)) details.open = false;
    this.#openAround(level);
    find(level.closest("details") ?? level, "summary", HTMLElement).focus({ preventScroll: true });
    level.scrollIntoView();
    this.#keepHash(level);
  }

  /** @param {HTMLElement} level */
  #openAround(level) {
    let opened = false;
    for (let at = level.closest("details"); at && this.contains(at); at = outer(at)) {
      opened ||= !at.open;
      at.open = true;
    }
    return opened;
  }

  /** A browser may have opened the level that the address names; where it has not, this does. */
  #readHash() {
    const level = this.#level(location.hash);
    if (level && this.#openAround(level)) level.scrollIntoView();
  }

  /** @param {HTMLElement} inside */
  #keepHash(inside) {
    const level = inside.closest(".diagram-level");
    if (level) keep(`#${level.id}`);
  }
}

/**
 * The level around a level.
 * @param {HTMLDetailsElement} details
 */
function outer(details) {
  return details.parentElement?.closest("details") ?? null;
}

/**
 * What the ids of a diagram begin with.
 * @param {HTMLElement} diagram
 */
function name(diagram) {
  return find(diagram, ".diagram-level", HTMLElement).id;
}

/**
 * The other diagram of a pair, unless one stands below the other.
 * @param {HTMLElement} diagram
 */
function beside(diagram) {
  const pair = all(document, ".diagram-sides level-diagram", HTMLElement);
  const other = pair.includes(diagram) && pair.find((one) => one !== diagram);
  const top = diagram.getBoundingClientRect().top;
  return other && Math.abs(other.getBoundingClientRect().top - top) < 1 ? other : null;
}

customElements.define("level-diagram", LevelDiagram);
