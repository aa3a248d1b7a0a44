// <step-lab>: moves through the steps of one capture. Everything it needs stands in its own HTML, so it fetches
// nothing but the sheets of frames, and a page may hold several.

const HEAT = "#ff7a1a"; // the places that read a word, over a grey picture; the same in light and dark

class StepLab extends Lab {
  #shown = new Map(); // view -> the bitmap that is on show; stays until the next one is decoded
  #levels = [];
  word = "";

  connectedCallback() {
    this.range = this.querySelector("input[type=range]");
    this.words = [...this.querySelectorAll("button.lab-word")];
    this.panes = new Map(
      [...this.querySelectorAll(".lab-pane")].map((pane) => [pane.dataset.view, pane.querySelector("canvas")]),
    );
    this.#levels = [...this.querySelectorAll(".lab-table tbody tr")].map((row) => row.cells[2].textContent);

    this.listen();

    this.go(Number(this.dataset.step));
    this.choose(this.dataset.word);
    this.readHash();
    this.classList.add("lab-ready");
  }

  /** Shows a step, counted from 1; past either end it stays at the end. */
  go(step) {
    this.slide(step);
    const text = `${this.step} of ${this.steps}, noise level ${this.#levels[this.step - 1]}`;
    this.range.setAttribute("aria-valuetext", `Step ${text}`);
    this.out("step").textContent = text;
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
    const out = this.out("word");
    if (out) out.textContent = chosen ? `places that read “${label(chosen)}”` : "none chosen: tap one above";
    this.#tellLinks();
    if (!chosen) this.#shown.delete("attention");
    this.#load("attention", chosen);
  }

  // --- what the reader does

  onClick(event) {
    const word = event.target.closest("button")?.dataset.word;
    if (!word) return super.onClick(event);
    this.choose(this.word === word ? "" : word);
    this.keepHash();
  }

  // --- the place in the address: #lab-NAME.step-12.word-chrome

  hash() {
    const word = this.word && `.word-${encodeURIComponent(plain(this.word))}`;
    return `#${this.id}.step-${this.step}${word}`;
  }

  /** The links to what is shown; the one to cite is also written out. */
  #tellLinks() {
    const hash = this.hash();
    this.out("link").hash = hash;
    const cite = this.out("cite");
    cite.hash = hash;
    cite.textContent = cite.textContent.replace(/#.*$/, hash);
  }

  readHash() {
    const hash = location.hash.slice(1);
    if (hash !== this.id && !hash.startsWith(`${this.id}.`)) return;
    const [, step, word] = hash.slice(this.id.length).match(/^(?:\.step-(\d+))?(?:\.word-(.+))?$/) ?? [];
    if (step === undefined && word === undefined) return;
    this.pause();
    this.touched = true;
    if (step !== undefined) this.go(Number(step));
    const named = this.words.find((button) => encodeURIComponent(plain(button.dataset.word)) === word);
    if (named || step !== undefined) this.choose(named ? named.dataset.word : "");
    this.scrollIntoView({ block: "start" });
  }

  // --- sheets and frames

  load() {
    for (const [view, canvas] of this.panes) if (canvas.dataset.sheet) this.#load(view, canvas);
    this.choose(this.word);
  }

  /** Puts a sheet on show once it is decoded; `from` holds its address and its frames' size. */
  async #load(view, from) {
    const canvas = this.panes.get(view);
    if (!canvas) return;
    canvas.wanted = from?.dataset.sheet; // of two words chosen quickly, the later one wins
    const pane = canvas.parentElement;
    delete pane.dataset.state;
    if (from && this.near) {
      pane.dataset.state = "loading";
      try {
        const bitmap = await this.sheet(from.dataset.sheet);
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
    pen.globalCompositeOperation = mode;
    pen.drawImage(bitmap, ...this.cut(this.step - 1, width, height), 0, 0, pen.canvas.width, pen.canvas.height);
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
