// <compare-lab>: any two runs of a comparison, moved through their steps together. All it needs stands in its own
// HTML: it fetches nothing but the sheets of the runs that are chosen, and a page may hold several.

"use strict";

{
  // A block of its own: scripts of one page share their names.
  const BRIGHTER = 4; // how much a difference is brightened, a power of two; the page says it
  const READ_WIDTH = 64; // pixels across a frame that is read for the curve: enough to see it turn
  const PARTED = 0.1; // the share of the curve's highest value at which two runs count as parted; the page says it
  const SIDES = ["a", "b"];

  class CompareLab extends Lab {
    #frames = new Map(); // run -> the pixels of its frames, read once
    #shown = { a: null, b: null }; // the sheets that are on show; each stays until the next one is decoded
    #curve = []; // one difference a step of the slider; empty until both sheets are there
    view = "side";
    chosen = { a: 0, b: 1 };

    connectedCallback() {
      this.runs = [...this.querySelectorAll("li[data-sheet]")].map((item) => run(item));
      if (this.runs.length < 2) return;
      this.stage = this.querySelector(".compare-stage");
      this.range = this.querySelector(".lab-track input");
      this.wipe = this.querySelector(".wipe-slider");
      this.panes = new Map(
        [...this.querySelectorAll(".compare-pane")].map((pane) => [pane.dataset.pane, pane.querySelector("canvas")]),
      );
      this.out("factor").textContent = BRIGHTER;

      const signal = this.listen();
      this.wipe.addEventListener("input", () => this.#showWipe(), { signal });
      this.addEventListener("change", (event) => this.#onChange(event), { signal });

      this.choose(0, this.runs.length - 1);
      this.go(Number(this.dataset.step));
      this.look("side");
      this.#showWipe();
      this.readHash();
      this.classList.add("lab-ready");
    }

    /** Shows a step, counted from 1; past either end it stays at the end. */
    go(step) {
      this.slide(step);
      const along = this.#along(this.step);
      this.querySelector(".lab-track").style.setProperty("--along", along / 100);
      place(this.querySelector(".compare-cursor"), along);
      this.#tellStep();
      this.#tellLink();
      this.#draw();
    }

    /** Compares two runs, by their numbers from 0. */
    choose(a, b) {
      const along = this.#along(this.step) / 100;
      this.chosen = { a, b };
      this.#curve = [];
      this.range.max = this.#longer().levels.length;
      // As far along the way as before: half way stays half way when the other run has twice the steps.
      this.step = Math.round(1 + along * (this.steps - 1));
      this.out("unequal").hidden = !this.#unequal();
      for (const side of SIDES) {
        this.#radio(side, this.chosen[side]).checked = true;
        this.out(side).replaceChildren(...this.#run(side).said.cloneNode(true).childNodes);
        this.#load(side);
      }
      this.#tellApart();
      this.#tellCurve();
      this.go(this.step);
    }

    /** Side by side, wipe or difference. */
    look(view) {
      this.view = view;
      this.#radio("view", view).checked = true;
      this.#tellLink();
    }

    /** The first step, from 1, at which the two runs have parted; 0 where they never do or nobody knows yet. */
    get parted() {
      const most = Math.max(...this.#curve, 0);
      return most ? 1 + this.#curve.findIndex((difference) => difference > PARTED * most) : 0;
    }

    get places() {
      return { ...super.places, part: this.parted };
    }

    // --- what the reader does

    #onChange({ target }) {
      const kind = target.closest("[data-choice]")?.dataset.choice;
      if (!kind) return;
      if (kind === "view") this.look(target.value);
      else this.#chooseOne(kind, Number(target.value));
      this.keepHash();
    }

    /** Two sides never show the same run: who takes the other side's run gives up his own for it. */
    #chooseOne(side, number) {
      const other = side === "a" ? "b" : "a";
      const chosen = { ...this.chosen, [side]: number };
      if (chosen[other] === number) chosen[other] = this.chosen[side];
      this.choose(chosen.a, chosen.b);
    }

    // --- what the reader is told

    #tellStep() {
      const [a, b] = SIDES.map((side) => this.#run(side));
      const level = this.#longer().levels[this.step - 1].toFixed(2);
      const text = `${this.step} of ${this.steps}, noise level ${level}`;
      const each = `A step ${this.#frame(a) + 1} of ${a.levels.length}, B step ${this.#frame(b) + 1} of ${b.levels.length}`;
      this.out("step").textContent = text;
      this.out("each").textContent = each;
      this.range.setAttribute("aria-valuetext", `Step ${text}${this.#unequal() ? `: ${each}` : ""}`);
    }

    #tellLink() {
      this.out("link").hash = this.hash();
    }

    /** How far the final pictures lie apart, as it stands in the table: measured when the page was made. */
    #tellApart() {
      const pair = [this.chosen.a, this.chosen.b].sort((one, other) => one - other).join(" ");
      this.out("apart").textContent = this.querySelector(`[data-pair="${pair}"]`).lastElementChild.textContent;
    }

    /** The curve, relative to its own highest value, and the step at which the two runs part. */
    #tellCurve() {
      const { parted } = this;
      const most = Math.max(...this.#curve, 0) || 1;
      const points = this.#curve.map((value, at) => `${this.#along(at + 1)},${19 - (18 * value) / most}`);
      this.querySelector("polyline").setAttribute("points", points.join(" "));
      const line = this.querySelector(".compare-parted");
      line.setAttribute("visibility", parted ? "visible" : "hidden");
      place(line, this.#along(parted || 1));
      const button = this.out("part");
      button.disabled = !parted;
      const waiting = this.#curve.length ? "They never part" : "Where do they part?";
      button.textContent = parted ? `They part at step ${parted} of ${this.steps}` : waiting;
    }

    #showWipe() {
      this.stage.style.setProperty("--wipe", this.wipe.value / 100);
      this.wipe.setAttribute("aria-valuetext", `${this.wipe.value} percent A`);
    }

    // --- the place in the address: #compare-NAME.a-0.b-2.step-12.view-wipe

    hash() {
      const { a, b } = this.chosen;
      return `#${this.id}.a-${a}.b-${b}.step-${this.step}.view-${this.view}`;
    }

    /** Goes where the address says; what it leaves out or gets wrong stays as it is. */
    readHash() {
      const hash = location.hash.slice(1);
      if (!hash.startsWith(`${this.id}.`)) return;
      const form = /^(?:\.a-(\d+))?(?:\.b-(\d+))?(?:\.step-(\d+))?(?:\.view-(\w+))?$/;
      const [, ...said] = hash.slice(this.id.length).match(form) ?? [];
      if (!said.some((part) => part !== undefined)) return;
      const [a, b, step, view] = said;
      const [one, other] = [Number(a ?? this.chosen.a), Number(b ?? this.chosen.b)];
      this.pause();
      this.touched = true;
      if (one !== other && this.runs[one] && this.runs[other]) this.choose(one, other);
      if (step !== undefined) this.go(Number(step));
      if (view !== undefined && this.#radio("view", view)) this.look(view);
      this.comeInto();
    }

    // --- runs, and where each stands at a step of the slider

    #radio(kind, value) {
      return this.querySelector(`[data-choice=${kind}] [value="${value}"]`);
    }

    #run(side) {
      return this.runs[this.chosen[side]];
    }

    #longer() {
      const [a, b] = SIDES.map((side) => this.#run(side));
      return a.levels.length >= b.levels.length ? a : b;
    }

    #unequal() {
      return this.#run("a").levels.length !== this.#run("b").levels.length;
    }

    /** A step of the slider in hundredths of the way. */
    #along(step) {
      return this.steps > 1 ? (100 * (step - 1)) / (this.steps - 1) : 0;
    }

    /** The frame, from 0, that a run shows: the slider's own step, or of fewer steps the one nearest in noise. */
    #frame({ levels }, step = this.step) {
      if (levels.length === this.steps) return step - 1;
      const wanted = Math.log(this.#longer().levels[step - 1]); // levels are ratios: half is as far as double
      const far = levels.map((level) => Math.abs(Math.log(level) - wanted));
      return far.indexOf(Math.min(...far));
    }

    // --- sheets and frames

    load() {
      for (const side of SIDES) this.#load(side);
    }

    /** Puts the sheet of a side's run on show once it is decoded. */
    async #load(side) {
      const chosen = this.#run(side);
      const pane = this.panes.get(side).parentElement;
      if (!this.near || this.#shown[side]?.run === chosen) return this.#settle(pane, side);
      pane.dataset.state = "loading";
      try {
        const bitmap = await this.sheet(chosen.sheet);
        if (this.#run(side) !== chosen) return; // of two runs chosen quickly, the later one wins
        this.#shown[side] = { run: chosen, bitmap };
        this.#settle(pane, side);
      } catch {
        if (this.#run(side) === chosen) pane.dataset.state = "failed";
      }
    }

    #settle(pane, side) {
      if (!this.#shown[side]) return;
      pane.dataset.state = "ready";
      this.#draw();
      this.#read();
    }

    #draw() {
      for (const side of SIDES) {
        const canvas = this.panes.get(side);
        if (this.#shown[side]) this.#drawFrame(canvas.getContext("2d"), this.#shown[side]);
        const words = this.#run(side).said.textContent;
        canvas.setAttribute(
          "aria-label",
          `${this.dataset.model}, ${words}, step ${this.#frame(this.#run(side)) + 1}: predicted clean picture`,
        );
      }
      if (this.#shown.a && this.#shown.b) this.#drawDifference(this.panes.get("difference").getContext("2d"));
    }

    #drawFrame(pen, { run, bitmap }, mode = "source-over") {
      const { width, height } = pen.canvas;
      pen.globalCompositeOperation = mode;
      pen.drawImage(bitmap, ...this.cut(this.#frame(run), ...run.size), 0, 0, width, height);
    }

    #drawDifference(pen) {
      this.#drawFrame(pen, this.#shown.a);
      this.#drawFrame(pen, this.#shown.b, "difference");
      pen.globalCompositeOperation = "lighter"; // a picture added to itself is twice as bright
      for (let times = 1; times < BRIGHTER; times *= 2) pen.drawImage(pen.canvas, 0, 0);
    }

    // --- the curve, read from the sheets

    #read() {
      const { a, b } = this.#shown;
      if (a?.run !== this.#run("a") || b?.run !== this.#run("b") || this.#curve.length) return;
      const [one, other] = [this.#pixels(a), this.#pixels(b)];
      const steps = Array.from({ length: this.steps }, (_, at) => at + 1);
      this.#curve = steps.map((step) => apart(one[this.#frame(a.run, step)], other[this.#frame(b.run, step)]));
      this.#tellCurve();
    }

    /** The pixels of every frame of a run, small. */
    #pixels({ run, bitmap }) {
      if (this.#frames.has(run)) return this.#frames.get(run);
      const height = Math.round((READ_WIDTH * run.size[1]) / run.size[0]);
      const pen = new OffscreenCanvas(READ_WIDTH, height).getContext("2d", { willReadFrequently: true });
      const frames = run.levels.map((_, index) => {
        pen.drawImage(bitmap, ...this.cut(index, ...run.size), 0, 0, READ_WIDTH, height);
        return pen.getImageData(0, 0, READ_WIDTH, height).data;
      });
      this.#frames.set(run, frames);
      return frames;
    }
  }

  /** A run as its list item holds it: what was asked, the sheet, a frame's size, the noise level before each step. */
  function run(item) {
    const { sheet, size, levels } = item.dataset;
    const numbers = (text) => text.split(" ").map(Number);
    return { said: item.querySelector("figcaption span"), sheet, size: numbers(size), levels: numbers(levels) };
  }

  /** Root mean square difference of two frames' colours, values 0 to 1. Every fourth value is opacity, equal in both. */
  function apart(one, other) {
    let sum = 0;
    for (let at = 0; at < one.length; at++) sum += (one[at] - other[at]) ** 2;
    return Math.sqrt(sum / ((one.length * 3) / 4)) / 255;
  }

  /** Moves an upright line of the chart. */
  function place(line, x) {
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
  }

  customElements.define("compare-lab", CompareLab);
}
