// <step-lab>: moves through the steps of one capture. Everything it needs stands in its own HTML, so it fetches
// nothing but the sheets of frames, and a page may hold several.

const FRAME_MS = 180; // a frame while playing
const CALM_MS = 700; // likewise, for readers who ask for less motion: noise flickers
const HASH_MS = 250; // browsers limit how often an address may change
const HEAT = "#ff7a1a"; // the places that read a word, over a grey picture; the same in light and dark

class StepLab extends HTMLElement {
  #sheets = new Map(); // address -> promise of a decoded bitmap
  #shown = new Map(); // view -> the bitmap that is on show; stays until the next one is decoded
  #levels = [];
  #timer = 0;
  #hashTimer = 0;
  #touched = false;
  #near = false; // close enough to the window to be worth loading
  #observers = [];
  #leave = new AbortController();
  step = 1;
  word = "";

  connectedCallback() {
    const signal = (this.#leave = new AbortController()).signal;
    this.range = this.querySelector("input[type=range]");
    this.words = [...this.querySelectorAll("button.lab-word")];
    this.panes = new Map(
      [...this.querySelectorAll(".lab-pane")].map((pane) => [pane.dataset.view, pane.querySelector("canvas")]),
    );
    this.#levels = [...this.querySelectorAll(".lab-table tbody tr")].map((row) => row.cells[2].textContent);

    this.range.addEventListener("input", () => this.#goByHand(this.range.valueAsNumber), { signal });
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    addEventListener("hashchange", () => this.#readHash(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.pause(), { signal });
    this.#watch();

    this.go(Number(this.dataset.step));
    this.choose(this.dataset.word);
    this.#readHash();
    this.classList.add("lab-ready");
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

  /** Shows a step, counted from 1; past either end it stays at the end. */
  go(step) {
    this.step = Math.min(Math.max(Math.round(step) || 1, 1), this.steps);
    this.range.value = this.step;
    const text = `${this.step} of ${this.steps}, noise level ${this.#levels[this.step - 1]}`;
    this.range.setAttribute("aria-valuetext", `Step ${text}`);
    this.querySelector("[data-out=step]").textContent = text;
    const along = this.steps > 1 ? (this.step - 1) / (this.steps - 1) : 0;
    this.querySelector(".lab-track").style.setProperty("--along", along);
    this.#tellLinks();
    for (const view of this.panes.keys()) this.#draw(view);
  }

  /** Shows which places read a word; "" for none. */
  choose(word) {
    const chosen = this.words.find((button) => button.dataset.word === word);
    this.word = chosen ? word : "";
    for (const button of this.words) button.setAttribute("aria-pressed", button === chosen);
    const out = this.querySelector("[data-out=word]");
    if (out) out.textContent = chosen ? `places that read “${label(chosen)}”` : "none chosen: tap one above";
    this.#tellLinks();
    if (!chosen) this.#shown.delete("attention");
    this.#load("attention", chosen);
  }

  play() {
    if (this.step === this.steps || !this.#touched) this.go(1);
    this.#touched = true;
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
    this.#keepHash();
  }

  // --- what the reader does

  #goByHand(step) {
    this.pause();
    this.#touched = true;
    this.go(step);
    this.#keepHash();
  }

  #onClick(event) {
    const button = event.target.closest("button");
    const action = button?.dataset.action;
    const to = { first: 1, back: this.step - 1, forward: this.step + 1, last: this.steps };
    if (action === "play") this.playing ? this.pause() : this.play();
    else if (action) this.#goByHand(to[action]);
    else if (button?.dataset.word) {
      this.choose(this.word === button.dataset.word ? "" : button.dataset.word);
      this.#keepHash();
    }
  }

  /** Space plays, unless it already means something where the focus is. The theme's own keys stay free. */
  #onKey(event) {
    if (event.key !== " " || event.target.closest("button, a, details")) return;
    event.preventDefault();
    this.playing ? this.pause() : this.play();
  }

  #showPlaying() {
    const button = this.querySelector("[data-action=play]");
    button.setAttribute("aria-label", this.playing ? "Pause" : "Play");
    this.classList.toggle("lab-playing", this.playing);
  }

  // --- the place in the address: #lab-NAME.step-12.word-chrome

  #hash() {
    const word = this.word && `.word-${encodeURIComponent(plain(this.word))}`;
    return `#${this.id}.step-${this.step}${word}`;
  }

  /** The links to what is shown; the one to cite is also written out. */
  #tellLinks() {
    const hash = this.#hash();
    this.querySelector("[data-out=link]").hash = hash;
    const cite = this.querySelector("[data-out=cite]");
    cite.hash = hash;
    cite.textContent = cite.textContent.replace(/#.*$/, hash);
  }

  #keepHash() {
    clearTimeout(this.#hashTimer);
    // Replaced, not added: the back button leads out of the page, not through every step.
    this.#hashTimer = setTimeout(() => history.replaceState(history.state, "", this.#hash()), HASH_MS);
  }

  #readHash() {
    const hash = location.hash.slice(1);
    if (hash !== this.id && !hash.startsWith(`${this.id}.`)) return;
    const [, step, word] = hash.slice(this.id.length).match(/^(?:\.step-(\d+))?(?:\.word-(.+))?$/) ?? [];
    if (step === undefined && word === undefined) return;
    this.pause();
    this.#touched = true;
    if (step !== undefined) this.go(Number(step));
    const named = this.words.find((button) => encodeURIComponent(plain(button.dataset.word)) === word);
    if (named || step !== undefined) this.choose(named ? named.dataset.word : "");
    this.scrollIntoView({ block: "start" });
  }

  // --- sheets and frames

  #watch() {
    // Loads a window ahead; stops playing where nobody looks.
    const load = new IntersectionObserver(
      ([entry]) => {
        if (!entry.isIntersecting || this.#near) return;
        this.#near = true;
        load.disconnect();
        for (const [view, canvas] of this.panes) if (canvas.dataset.sheet) this.#load(view, canvas);
        this.choose(this.word);
      },
      { rootMargin: "100% 0px" },
    );
    const seen = new IntersectionObserver(([entry]) => entry.isIntersecting || this.pause());
    for (const observer of (this.#observers = [load, seen])) observer.observe(this);
  }

  /** Puts a sheet on show once it is decoded; `from` holds its address and its frames' size. */
  async #load(view, from) {
    const canvas = this.panes.get(view);
    if (!canvas) return;
    canvas.wanted = from?.dataset.sheet; // of two words chosen quickly, the later one wins
    const pane = canvas.parentElement;
    delete pane.dataset.state;
    if (from && this.#near) {
      pane.dataset.state = "loading";
      try {
        const bitmap = await this.#sheet(from.dataset.sheet);
        if (canvas.wanted !== from.dataset.sheet) return;
        const [width, height] = from.dataset.size.split(" ").map(Number);
        this.#shown.set(view, { bitmap, width, height });
        pane.dataset.state = "ready";
      } catch {
        if (canvas.wanted === from.dataset.sheet) pane.dataset.state = "failed";
      }
    }
    this.#draw(view);
    if (view === "clean") this.#draw("attention"); // drawn over it
  }

  #sheet(address) {
    if (!this.#sheets.has(address)) this.#sheets.set(address, decoded(address));
    const sheet = this.#sheets.get(address);
    sheet.catch(() => this.#sheets.delete(address)); // choosing it again tries again
    return sheet;
  }

  #draw(view) {
    const canvas = this.panes.get(view);
    const sheet = this.#shown.get(view);
    if (!canvas) return;
    const pen = canvas.getContext("2d");
    if (view === "attention") this.#drawHeat(pen, sheet);
    else if (sheet) this.#drawFrame(pen, sheet);
    const what = canvas.nextElementSibling.textContent;
    canvas.setAttribute("aria-label", `${this.dataset.model}, step ${this.step} of ${this.steps}: ${what}`);
  }

  #drawFrame(pen, { bitmap, width, height }, mode = "source-over") {
    const columns = Number(this.dataset.columns);
    const index = this.step - 1;
    const left = (index % columns) * width;
    const top = Math.floor(index / columns) * height;
    pen.globalCompositeOperation = mode;
    pen.drawImage(bitmap, left, top, width, height, 0, 0, pen.canvas.width, pen.canvas.height);
  }

  /** A word's attention glows over a dim, grey picture; with no word, the grey picture waits. */
  #drawHeat(pen, sheet) {
    const under = this.#shown.get("clean");
    if (!under) return;
    const { width, height } = pen.canvas;
    this.#drawFrame(pen, under);
    fill(pen, "saturation", "#000");
    fill(pen, "source-over", "rgb(10 12 15 / 70%)");
    if (!sheet) return;
    const glow = new OffscreenCanvas(width, height);
    const heat = glow.getContext("2d");
    this.#drawFrame(heat, sheet);
    fill(heat, "multiply", HEAT);
    pen.globalCompositeOperation = "screen";
    pen.drawImage(glow, 0, 0);
  }
}

/** A sheet as a bitmap: already decoded, so drawing a frame of it never waits. */
async function decoded(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return createImageBitmap(image);
}

function fill(pen, mode, colour) {
  pen.globalCompositeOperation = mode;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
}

/** A word as it stands in an address: the start and end tokens lose their brackets. */
function plain(word) {
  return word.replace(/^<\|(.+)\|>$/, "$1");
}

function label(button) {
  return button.textContent.trim();
}

customElements.define("step-lab", StepLab);
