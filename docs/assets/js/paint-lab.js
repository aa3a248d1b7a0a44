// <paint-lab>: a reader's own runs of the model, in this browser. It loads nothing of the model before it is asked to.

import { cameBack, keep } from "./address.js";
import { all, around, find, tell } from "./dom.js";
import { choose, composed } from "./live/chips.js";
import { field, load, read, ready, show, write } from "./live/form.js";
import { Panel } from "./live/panel.js";
import { lacking, Session } from "./live/session.js";
import { settings, states } from "./live/settings.js";
import { format, parse } from "./state.js";

/**
 * @typedef {import("./live/messages.js").Name} Name
 * @typedef {import("./live/run.js").Settings} Settings
 */

class PaintLab extends HTMLElement {
  #leave = new AbortController();
  /** @type {Session | null} */
  #session = null;
  /** @type {Promise<boolean> | null} whether the model has come */
  #model = null;
  /** @type {Map<Name, Panel>} */
  #panels = new Map();

  connectedCallback() {
    const says = lacking();
    this.#say(says);
    this.classList.toggle("paint-lacking", !!says);
    if (says) return;
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    const known = new Set((this.dataset.words ?? "").split(" ").filter(Boolean));
    for (const root of all(this, "[data-run]", HTMLElement)) {
      const name = /** @type {Name} */ (root.dataset.run);
      const words = find(this, `[data-words=${name}]`, HTMLElement);
      if (!this.#panels.has(name)) this.#panels.set(name, new Panel(root, words, known, () => this.#tell()));
    }
    this.addEventListener("submit", (event) => this.#onSubmit(event), { signal });
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.addEventListener("change", (event) => this.#onChange(event), { signal });
    this.#a.prompt.addEventListener("input", () => choose(this, this.#a.prompt.value), { signal });
    field(this, "guidance").addEventListener("input", () => this.#tell(), { signal });
    addEventListener("hashchange", () => this.#readHash(), { signal });
    ready(this, signal);
    this.classList.add("paint-ready"); // as high as it stays, before a link leads to it
    this.#readHash();
    this.#tell();
  }

  disconnectedCallback() {
    this.#leave.abort();
    this.#fail(""); // what it has begun ends; here again, it loads the model anew
  }

  // --- what the reader does

  /** @param {SubmitEvent} event */
  async #onSubmit(event) {
    event.preventDefault();
    if (this.classList.contains("paint-loading")) return;
    const form = find(this, "form", HTMLFormElement);
    if (!form.reportValidity() || !(await this.#load())) return;
    for (const [name, panel] of this.#panels) {
      if (panel.root.hidden) continue;
      const settings = this.#settings(panel);
      panel.begin(settings);
      this.#session?.send({ type: "begin", run: name, settings });
    }
    find(this, ".paint-runs", HTMLElement).scrollIntoView();
    // The keys go where the eyes do.
    if (form.contains(document.activeElement)) this.#a.root.focus({ preventScroll: true });
    this.#tell();
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const button = around(event, "button[data-action]", HTMLButtonElement);
    const name = /** @type {Name} */ (button?.closest("[data-run]")?.getAttribute("data-run") ?? "a");
    const panel = this.#panels.get(name);
    if (!button || !panel) return;
    const { action } = button.dataset;
    if (action === "pause") {
      this.#session?.send({ type: "pause", run: name }); // it rests behind the step that it is at
      panel.root.classList.add("paint-pausing");
    } else if (action === "another") this.#another();
    else if (action === "words") this.#session?.send({ type: "change", run: name, ...this.#typed(panel) });
    else if (action === "go") this.#go(name, panel);
    else
      import("./live/hand-over.js")
        .then(({ handOver }) => handOver(this, panel, button, this.#panels))
        .catch(() => this.#say("What that takes did not come; press it again."));
  }

  /** @param {Event} event */
  #onChange({ target }) {
    if (!(target instanceof HTMLInputElement)) return;
    if (target.name === "second") {
      const [a, b] = this.#panels.values();
      show(b, target.checked);
      if (target.checked && !b.painted) b.prompt.value = a.prompt.value;
      b.checkWords();
      if (!target.checked) this.#session?.send({ type: "pause", run: "b" }); // it would take turns with the other, unseen
      this.#keep();
    }
    if (target.dataset.chip) this.#a.take([{ at: 0, ...this.#typed(this.#a), prompt: composed(this, target) }]);
    this.#tell();
  }

  /** The same words from the next noise. */
  #another() {
    const seed = field(this, "seed");
    seed.value = String((Number(seed.value) + 1) >>> 0);
    seed.dispatchEvent(new Event("input", { bubbles: true }));
    find(this, "form", HTMLFormElement).requestSubmit();
  }

  /**
   * On from the step on show, with the words that stand there now.
   * @param {Name} name
   * @param {Panel} panel
   */
  #go(name, panel) {
    const from = panel.step + 1;
    panel.goOn(from);
    this.#session?.send({ type: "go", run: name, from, ...this.#typed(panel) });
    this.#tell();
  }

  /** @param {Panel} panel */
  #typed(panel) {
    return { prompt: panel.prompt.value.trim().replace(/\s+/g, " "), guidance: Number(field(this, "guidance").value) };
  }

  /**
   * @param {Panel} panel
   * @returns {Settings}
   */
  #settings(panel) {
    const asked = read(this);
    const later = panel.later.filter(({ at }) => at < asked.steps);
    return { ...asked, plan: [{ at: 0, ...this.#typed(panel) }, ...later] };
  }

  // --- the engine

  #load() {
    this.#model ??= this.#begin();
    return this.#model;
  }

  async #begin() {
    this.#session = new Session({
      plan: (run, plan) => this.#hearPlan(run, plan),
      step: (step) => this.#panels.get(step.run)?.hearStep(step),
      painted: (run, i, picture) => {
        const whose = this.#panels.get(run)?.hearPicture(i, picture);
        if (whose) this.#say(`${whose} is finished.`);
      },
      done: (run) => {
        const panel = this.#panels.get(run);
        if (panel) panel.going = false;
        this.#tell();
      },
      failed: (says) => this.#fail(says),
    });
    this.classList.add("paint-loading");
    this.#say("The model is on its way.");
    try {
      await load(this, this.#session);
      this.#say("");
      this.classList.add("paint-loaded");
      return true;
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      this.classList.remove("paint-loading");
    }
  }

  /** @param {string} says */
  #fail(says) {
    this.#session?.close();
    this.#session = this.#model = null;
    for (const panel of this.#panels.values()) {
      panel.going = false;
      panel.cut(panel.step + 1);
    }
    this.classList.remove("paint-loading", "paint-loaded");
    this.#say(says);
    this.#tell();
  }

  // --- its address

  /**
   * @param {Name} name
   * @param {Settings["plan"]} plan
   */
  #hearPlan(name, plan) {
    this.#panels.get(name)?.hearPlan(plan);
    this.#say("");
    this.#keep();
  }

  /** The address is that of the run on show, and of one from the same noise that stands beside it. */
  #keep() {
    const [{ run }, b] = this.#panels.values();
    const second = b.root.hidden ? null : b.run;
    if (run) keep(format(this.id, states(run, second)));
  }

  #readHash() {
    const named = parse(location.hash, this.id) ?? [];
    const run = settings(named);
    if (!run) return choose(this, this.#a.prompt.value);
    const second = settings(named, "second");
    const [a, b] = this.#panels.values();
    field(this, "second").checked = !!second;
    show(b, !!second);
    a.take(run.plan);
    b.take(second?.plan ?? [run.plan[0]]);
    choose(this, a.prompt.value);
    write(this, run);
    const changes = [...a.later, ...b.later].map(({ at, prompt }) => `at step ${at + 1} to “${prompt}”`).join(", ");
    this.#say(changes && `A link brought this run: it changes its words ${changes}.`);
    this.#tell();
    if (!cameBack()) this.scrollIntoView();
  }

  get #a() {
    return /** @type {Panel} */ (this.#panels.get("a"));
  }

  // --- what the reader is told

  /** @param {string} says */
  #say(says) {
    tell(find(this, "[data-out=says]", HTMLElement), says);
  }

  #tell() {
    tell(find(this, "[data-out=guidance]", HTMLElement), field(this, "guidance").value);
    for (const panel of this.#panels.values()) panel.showActions();
  }
}

customElements.define("paint-lab", PaintLab);
