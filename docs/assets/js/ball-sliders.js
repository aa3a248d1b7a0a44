// The sliders of a ball, which need neither a drag nor a pointer: how far it is turned and tilted, and which place of it is
// touched. Those of the place go from mirror to mirror: off it there is nothing to touch.

import { find, steady } from "./dom.js";

/**
 * @typedef {import("./ball-looks.js").Look} Look
 * @typedef {import("./ball-looks.js").Side} Side
 * @typedef {import("./ball-place.js").Spot} Spot
 */

const STEP = 0.02; // of the picture: how far a place lies from the next
const SHARES = Array.from({ length: 51 }, (_, i) => STEP * i);

export class BallSliders {
  #root;
  #shape = "";
  /** @type {{ y: number, across: number[] }[]} rows of the picture in which there is a mirror, from below, and its places */
  #rows = [];
  #spot = { x: 0, y: 0 };

  /**
   * @param {HTMLElement} root
   * @param {{ turn: (turn: number, tilt: number) => void, touch: (x: number, y: number) => void, rest: () => void }} hand
   * @param {AbortSignal} signal
   */
  constructor(root, hand, signal) {
    this.#root = root;
    const turn = () => hand.turn(this.#at("turn").valueAsNumber, this.#at("tilt").valueAsNumber);
    const row = () => this.#rows[this.#at("height").valueAsNumber];
    /** @param {(across: number[]) => number} place */
    const touch = (place) => {
      const chosen = row();
      if (chosen) hand.touch(place(chosen.across), chosen.y); // there is none before the surroundings are there
    };
    const across = () => touch((places) => places[this.#at("across").valueAsNumber]);
    const height = () => touch((places) => places[nearest(places, this.#spot.x)]);
    for (const [name, moved] of Object.entries({ turn, tilt: turn, across, height })) {
      this.#at(name).addEventListener("input", moved, { signal });
      this.#at(name).addEventListener("input", hand.rest, { signal });
      steady(this.#at(name), signal);
    }
  }

  /** @param {string} name */
  #at(name) {
    return find(this.#root, `[data-slider=${name}]`, HTMLInputElement);
  }

  /** @param {Side} side */
  turned({ turn, tilt }) {
    const [aside, high] = [turn, tilt].map(Math.round);
    const far = `${Math.abs(aside)} degrees to the ${aside < 0 ? "left" : "right"}`;
    const above = `${Math.abs(high)} degrees from ${high < 0 ? "below" : "above"}`;
    this.#put("turn", aside, aside ? far : "as at first");
    this.#put("tilt", high, high ? above : "level");
  }

  /**
   * @param {Spot} spot
   * @param {Look} look
   * @param {string} shape whose places are worked out once
   */
  touched(spot, look, shape) {
    if (shape !== this.#shape) this.#rows = rowsOf(look);
    this.#shape = shape;
    this.#spot = spot;
    const height = nearest(
      this.#rows.map(({ y }) => y),
      spot.y,
    );
    const { across } = this.#rows[height];
    this.#at("height").max = String(this.#rows.length - 1);
    this.#at("across").max = String(across.length - 1);
    this.#put("height", height, `${percent(1 - spot.y)} from the bottom`);
    this.#put("across", nearest(across, spot.x), `${percent(spot.x)} from the left`);
  }

  /**
   * @param {string} name
   * @param {number} value
   * @param {string} words
   */
  #put(name, value, words) {
    const slider = this.#at(name);
    slider.value = String(value);
    slider.setAttribute("aria-valuetext", words);
  }
}

/** @param {Look} look */
function rowsOf(look) {
  const rows = SHARES.map((y) => ({ y, across: SHARES.filter((x) => look(x, y)) }));
  return rows.filter(({ across }) => across.length).reverse();
}

/**
 * Which of these values is the nearest.
 * @param {number[]} values
 * @param {number} to
 */
function nearest(values, to) {
  const away = values.map((value) => Math.abs(value - to));
  return away.indexOf(Math.min(...away));
}

/** @param {number} share */
const percent = (share) => `${Math.round(100 * share)} percent`;
