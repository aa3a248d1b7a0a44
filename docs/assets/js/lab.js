// What the labs share: a slider of steps that plays, a place in the address, sheets that are decoded before they show.
// A lab gives `hash`, `readHash`, `go` and `load`; scripts of one page share the class `Lab`, and nothing else of here.

"use strict";

const Lab = (() => {
  const FRAME_MS = 180; // a frame while playing
  const CALM_MS = 700; // likewise, for readers who ask for less motion: noise flickers
  const HASH_MS = 250; // browsers limit how often an address may change
  const WRITTEN = { lab: true }; // the state of an address that a lab wrote: whoever comes back to it was here

  return class extends HTMLElement {
    #sheets = new Map(); // address -> promise of a decoded bitmap
    #timer = 0;
    #hashTimer = 0;
    #observers = [];
    #leave = new AbortController();
    touched = false; // the reader has moved it: playing goes on from there
    near = false; // close enough to the window to be worth loading
    step = 1;

    /** Begins to listen; what it returns ends with the lab, for listeners of the lab's own. */
    listen() {
      const signal = (this.#leave = new AbortController()).signal;
      this.range.addEventListener("input", () => this.goByHand(this.range.valueAsNumber), { signal });
      this.addEventListener("click", (event) => this.onClick(event), { signal });
      this.addEventListener("keydown", (event) => this.#onKeydown(event), { signal });
      addEventListener("hashchange", () => this.readHash(), { signal });
      document.addEventListener("visibilitychange", () => document.hidden && this.pause(), { signal });
      this.#watch();
      return signal;
    }

    disconnectedCallback() {
      this.pause();
      this.#leave.abort();
      for (const observer of this.#observers) observer.disconnect();
    }

    get steps() {
      return Number(this.range.max);
    }

    get playing() {
      return this.#timer !== 0;
    }

    /** Where the buttons of the transport lead. */
    get places() {
      return { first: 1, back: this.step - 1, forward: this.step + 1, last: this.steps };
    }

    /** Puts the slider on a step, counted from 1; past either end it stays at the end. */
    slide(step) {
      this.step = Math.min(Math.max(Math.round(step) || 1, 1), this.steps);
      this.range.value = this.step;
    }

    play() {
      if (this.step === this.steps || !this.touched) this.go(1);
      this.touched = true;
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      clearInterval(this.#timer);
      this.#timer = setInterval(() => {
        this.go(this.step + 1);
        if (this.step === this.steps) this.pause();
      }, calm ? CALM_MS : FRAME_MS);
      this.#showPlaying();
    }

    pause() {
      if (!this.playing) return;
      clearInterval(this.#timer);
      this.#timer = 0;
      this.#showPlaying();
      this.keepHash();
    }

    goByHand(step) {
      this.pause();
      this.touched = true;
      this.go(step);
      this.keepHash();
    }

    onClick(event) {
      const action = event.target.closest("[data-action]")?.dataset.action;
      if (action === "play") this.#toggle();
      else if (action) this.goByHand(this.places[action]);
    }

    /** A lab's own keys; none but space is everybody's. */
    onKey() {}

    out(name) {
      return this.querySelector(`[data-out=${name}]`);
    }

    keepHash() {
      clearTimeout(this.#hashTimer);
      // Replaced, not added: the back button leads out of the page, not through every step.
      this.#hashTimer = setTimeout(() => history.replaceState(WRITTEN, "", this.hash()), HASH_MS);
    }

    /** Shows the lab that a link led to; on the way back the browser knows better where the reader was. */
    comeInto() {
      if (history.state?.lab) return;
      this.scrollIntoView();
      const { bottom } = this.range.getBoundingClientRect();
      // In a low window the picture and its slider matter more than the head of the lab.
      if (bottom > innerHeight) this.querySelector(".lab-stage, .compare-stage").scrollIntoView();
    }

    /** A sheet as a promise of a bitmap: already decoded, so drawing a frame of it never waits. */
    sheet(address) {
      if (!this.#sheets.has(address)) this.#sheets.set(address, decoded(address));
      const sheet = this.#sheets.get(address);
      sheet.catch(() => this.#sheets.delete(address)); // choosing it again tries again
      return sheet;
    }

    /** Where a frame, counted from 0, lies on its sheet: left, top, width, height. */
    cut(index, width, height) {
      const columns = Number(this.dataset.columns);
      return [(index % columns) * width, Math.floor(index / columns) * height, width, height];
    }

    #toggle() {
      this.playing ? this.pause() : this.play();
    }

    /** Space plays, unless it already means something where the focus is. The theme's own keys stay free. */
    #onKeydown(event) {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key !== " ") return this.onKey(event);
      if (event.target.closest("button, a, details, [type=radio]")) return;
      event.preventDefault();
      this.#toggle();
    }

    #showPlaying() {
      const button = this.querySelector("[data-action=play]");
      button.setAttribute("aria-label", this.playing ? "Pause" : "Play");
      this.classList.toggle("lab-playing", this.playing);
    }

    #watch() {
      // Loads a window ahead; stops playing where nobody looks.
      const load = new IntersectionObserver(
        ([entry]) => {
          if (!entry.isIntersecting || this.near) return;
          this.near = true;
          load.disconnect();
          this.load();
        },
        { rootMargin: "100% 0px" },
      );
      const seen = new IntersectionObserver(([entry]) => entry.isIntersecting || this.pause());
      for (const observer of (this.#observers = [load, seen])) observer.observe(this);
    }
  };

  async function decoded(address) {
    const image = new Image();
    image.src = address;
    await image.decode();
    return createImageBitmap(image);
  }
})();
