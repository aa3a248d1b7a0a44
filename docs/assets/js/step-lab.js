// <step-lab>: moves through the steps of one capture. Everything it needs stands in its own HTML, so it fetches
// nothing but the sheets of frames, and a page may hold several.

const HEAT = "#ff7a1a"; // the places that read a word, over a grey picture; the same in light and dark
const DRAG = 6; // pixels sideways that make a press a drag
const LARGE = "clean"; // the view that is large until the reader says otherwise

class StepLab extends Lab {
  #shown = new Map(); // view -> the bitmap that is on show; stays until the next one is decoded
  #rows = []; // the table's figures as they stand there, one entry a step
  #curves = []; // for each curve: where it is drawn, what is written above it, how high it is at each step
  #stepHash = /^$/; // what may follow the lab's name in an address
  word = "";
  view = LARGE;

  connectedCallback() {
    this.range = this.querySelector("input[type=range]");
    this.transport = this.querySelector(".lab-transport");
    this.words = [...this.querySelectorAll("button.lab-word")];
    this.events = [...this.querySelectorAll(".lab-event")];
    this.panes = new Map(
      [...this.querySelectorAll(".lab-pane")].map((pane) => [pane.dataset.view, pane.querySelector("canvas")]),
    );
    this.#rows = [...this.querySelectorAll(".lab-table tbody tr")].map(read);
    this.#curves = ["distance", "guidance"].filter((name) => this.out(name)).map((name) => this.#curve(name));
    const names = this.events.map((button) => `|${button.dataset.action}`).join("");
    this.#stepHash = new RegExp(`^(?:\\.(step-\\d+${names}))?(?:\\.word-(.+?))?(?:\\.view-(\\w+))?$`);

    this.#listenToPlot(this.listen());

    this.go(Number(this.dataset.step));
    this.choose(this.dataset.word);
    this.look(LARGE);
    this.readHash();
    this.classList.add("lab-ready");
  }

  /** Shows a step, counted from 1; past either end it stays at the end. */
  go(step) {
    this.slide(step);
    const text = `${this.step} of ${this.steps}, noise level ${this.#rows[this.step - 1].level}`;
    this.range.setAttribute("aria-valuetext", ["Step " + text, ...this.#tellEvents()].join(", "));
    this.out("step").textContent = text;
    this.transport.style.setProperty("--along", this.steps > 1 ? (this.step - 1) / (this.steps - 1) : 0);
    for (const { draw, out, name, heights } of this.#curves) {
      out.textContent = this.#rows[this.step - 1][name];
      draw.style.setProperty("--high", heights[this.step - 1]);
    }
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

  /** Makes a view the large one. */
  look(view) {
    if (!this.panes.has(view)) return;
    this.view = view;
    for (const [kind, canvas] of this.panes) {
      canvas.parentElement.classList.toggle("lab-large", kind === view);
      canvas.nextElementSibling.setAttribute("aria-pressed", kind === view);
    }
    this.#tellLinks();
  }

  /** The events are places too: a button or a tick leads there. */
  get places() {
    const events = this.events.map(({ dataset }) => [dataset.action, Number(dataset.at)]);
    return { ...super.places, ...Object.fromEntries(events) };
  }

  // --- what the reader does

  onClick(event) {
    const { word, enlarge } = event.target.closest("button")?.dataset ?? {};
    if (event.target.closest(".lab-plot")) return this.#goToPoint(event);
    if (word) this.choose(this.word === word ? "" : word);
    else if (enlarge) this.look(this.view === enlarge ? LARGE : enlarge);
    else return super.onClick(event);
    this.keepHash();
  }

  /** A digit shows a view large. */
  onKey({ key }) {
    const view = /^[1-9]$/.test(key) && [...this.panes.keys()][key - 1];
    if (!view) return;
    this.look(view);
    this.keepHash();
  }

  /** A press on the curves is a click; a drag goes along. A finger that scrolls the page across them does neither. */
  #listenToPlot(signal) {
    const plot = this.querySelector(".lab-plot");
    let from = 0; // where the press began, in pixels; once it drags, anywhere will do
    const press = (event) => {
      from = event.clientX;
      plot.setPointerCapture(event.pointerId);
    };
    const drag = (event) => {
      if (!plot.hasPointerCapture(event.pointerId) || Math.abs(event.clientX - from) < DRAG) return;
      from = -Infinity;
      this.#goToPoint(event);
    };
    plot.addEventListener("pointerdown", press, { signal });
    plot.addEventListener("pointermove", drag, { signal });
  }

  #goToPoint({ clientX }) {
    const { left, width } = this.querySelector(".lab-plot").getBoundingClientRect();
    this.goByHand(1 + ((this.steps - 1) * (clientX - left)) / width);
  }

  // --- the place in the address: #lab-NAME.step-12.word-chrome.view-noisy; an event's name may stand for its step

  hash() {
    const word = this.word && `.word-${encodeURIComponent(plain(this.word))}`;
    const view = this.view === LARGE ? "" : `.view-${this.view}`;
    return `#${this.id}.step-${this.step}${word}${view}`;
  }

  /** The links to what is shown; the one to cite is also written out. */
  #tellLinks() {
    const hash = this.hash();
    this.out("link").hash = hash;
    const cite = this.out("cite");
    cite.hash = hash;
    cite.textContent = cite.textContent.replace(/#.*$/, hash);
  }

  /** Goes where the address says. One with a step says all there is: what it leaves out is not chosen. */
  readHash() {
    const hash = location.hash.slice(1);
    if (!hash.startsWith(`${this.id}.`)) return;
    const [, step, word, view] = hash.slice(this.id.length).match(this.#stepHash) ?? [];
    if (!step && !word && !view) return;
    this.pause();
    this.touched = true;
    if (step) this.go(this.places[step] ?? Number(step.slice("step-".length)));
    const named = this.words.find((button) => encodeURIComponent(plain(button.dataset.word)) === word);
    const whole = step?.startsWith("step-");
    if (named || whole) this.choose(named ? named.dataset.word : "");
    if (view || whole) this.look(view ?? LARGE);
    this.comeInto();
  }

  // --- what the reader is told

  /** Marks the events of this step; their names. */
  #tellEvents() {
    const here = this.events.filter((button) => Number(button.dataset.at) === this.step);
    for (const button of this.events) button.setAttribute("aria-current", here.includes(button) ? "step" : "false");
    return here.map((button) => button.querySelector(".lab-what").textContent);
  }

  /** What a view shows at this step, from what was measured. */
  #said(view) {
    const { level, distance, guidance } = this.#rows[this.step - 1];
    if (view === "noisy") return `noisy latents, noise level ${level}`;
    if (view === "clean") return `expected clean picture, ${distance} from the final one`;
    if (view === "guidance") return `where guidance acts, changing the predicted noise by ${guidance}`;
    return this.out("word").textContent;
  }

  #curve(name) {
    const values = this.#rows.map((row) => Number(row[name]));
    const most = Math.max(...values) || 1;
    const out = this.out(name);
    const draw = out.closest(".lab-curve").querySelector(".lab-draw");
    return { name, out, draw, heights: values.map((value) => value / most) };
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
    if (view === "noisy" && sheet) this.#drawFrame(this.querySelector(".lab-true").getContext("2d"), sheet);
    const place = `${this.dataset.model}, step ${this.step} of ${this.steps}`;
    canvas.setAttribute("aria-label", `${place}: ${this.#said(view)}`);
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

/** A row of the table: noise level, distance, guidance, as they stand there. */
function read({ cells }) {
  const [level, distance, guidance] = [...cells].slice(2).map((cell) => cell.textContent);
  return { level, distance, guidance };
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
