// <level-diagram>: levels that open in their boxes, which they do without this script. It keeps the address at the level
// that is open, leads to a level from anywhere, goes up by Escape or the trail, and opens everything for paper.

"use strict";

{
  // A block of its own: scripts of one page share their names.
  class LevelDiagram extends HTMLElement {
    #leave = new AbortController();
    #forPaper = []; // opened by us, to be closed again

    connectedCallback() {
      const signal = (this.#leave = new AbortController()).signal;
      this.addEventListener("click", (event) => this.#onClick(event), { signal });
      this.addEventListener("keydown", (event) => this.#onKey(event), { signal });
      addEventListener("hashchange", () => this.#readHash(), { signal });
      addEventListener("beforeprint", () => this.#openForPaper(), { signal });
      addEventListener("afterprint", () => this.#closeAfterPaper(), { signal });
      this.#readHash();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #onClick(event) {
      const summary = event.target.closest("summary");
      const link = event.target.closest("a[href^='#']");
      if (summary) {
        const details = summary.parentElement; // still as it was before the click
        this.#keepHash(details.open ? details : details.querySelector(".diagram-level"));
      } else if (link) {
        const level = document.getElementById(link.hash.slice(1));
        if (!level || !this.contains(level)) return;
        event.preventDefault();
        this.#goTo(level);
      }
    }

    /** Escape closes the level around the focus and stands on what opens it. */
    #onKey(event) {
      const details = event.key === "Escape" && event.target.closest("details[open]");
      if (!details) return;
      event.preventDefault();
      details.open = false;
      details.querySelector("summary").focus();
      this.#keepHash(details);
    }

    /** Shows one level: all around it open, all inside it closed. */
    #goTo(level) {
      for (const details of level.querySelectorAll("details[open]")) details.open = false;
      this.#openAround(level);
      const opener = level.closest("details") ?? level;
      opener.querySelector("summary").focus({ preventScroll: true });
      level.scrollIntoView();
      this.#keepHash(level);
    }

    #openAround(level) {
      let opened = false;
      for (let at = level.closest("details"); at && this.contains(at); at = at.parentElement.closest("details")) {
        opened ||= !at.open;
        at.open = true;
      }
      return opened;
    }

    /** A browser may have opened the level that the address names; where it has not, this does. */
    #readHash() {
      const level = document.getElementById(location.hash.slice(1));
      if (level && this.contains(level) && this.#openAround(level)) level.scrollIntoView();
    }

    #keepHash(inside) {
      const level = inside.closest(".diagram-level");
      // Replaced, not added: the back button leads out of the page, not through every level.
      history.replaceState(history.state, "", `#${level.id}`);
    }

    #openForPaper() {
      this.#forPaper.push(...this.querySelectorAll("details:not([open])"));
      for (const details of this.#forPaper) details.open = true;
    }

    #closeAfterPaper() {
      for (const details of this.#forPaper.splice(0)) details.open = false;
    }
  }

  customElements.define("level-diagram", LevelDiagram);
}
