// How many pixels a picture that is turned has: while it moves as many as are drawn well within a frame, all once it rests.

const MOST = 1200; // pixels across, whatever the screen
const IN_TIME = 7; // milliseconds: all else that a frame needs has the rest of it
const REST_MS = 250;
const PARTS = [1, 0.7, 0.5, 0.35, 0.25]; // of the width

export class BallPixels {
  #canvas;
  #draw;
  #watch;
  #wide = 0;
  #part = 1;
  #times = 0;
  #cost = 0; // milliseconds a pixel
  #rest = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => Promise<number>} draw all of it, and tell how many milliseconds that took
   */
  constructor(canvas, draw) {
    this.#canvas = canvas;
    this.#draw = draw;
    this.#watch = new ResizeObserver(([{ contentRect }]) => {
      this.#wide = Math.min(Math.round(contentRect.width * Math.min(devicePixelRatio, 2)), MOST);
      this.moves();
    });
    this.#watch.observe(canvas);
  }

  stop() {
    this.#watch.disconnect();
    clearTimeout(this.#rest);
  }

  /** Draws it now, as it moves. */
  moves() {
    this.#at(this.#part);
    if (this.#part < 1) this.#rests();
  }

  #rests() {
    clearTimeout(this.#rest);
    this.#rest = window.setTimeout(() => this.#at(1), REST_MS);
  }

  /** @param {number} part */
  async #at(part) {
    const wide = Math.round(this.#wide * part);
    if (!wide) return;
    if (this.#canvas.width !== wide) {
      this.#canvas.width = wide;
      this.#canvas.height = Math.round((wide * 2) / 3);
    }
    this.#learn((await this.#draw()) / (wide * wide));
  }

  /**
   * A picture that took longer than others may have waited for something else.
   * @param {number} cost
   */
  #learn(cost) {
    this.#times += 1;
    if (this.#times === 1) return this.#rests(); // what draws is made ready by the first
    const known = this.#cost || cost;
    this.#cost = cost < known ? cost : known + (cost - known) / 4;
    const fits = PARTS.find((part) => this.#cost * (this.#wide * part) ** 2 <= IN_TIME);
    this.#part = fits ?? PARTS[PARTS.length - 1];
  }
}
