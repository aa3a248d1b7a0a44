// The lines and outlines on a picture: each names the marks that it goes through.

import { all } from "../dom.js";
import { along } from "./places.js";

/** @typedef {import("./sight.js").Place} Place */

/**
 * @param {HTMLElement} stage
 * @param {(name: string) => Place} at
 */
export function drawLines(stage, at) {
  for (const shape of all(stage, "[data-through]", SVGPolygonElement)) {
    const places = through(shape, at);
    shape.setAttribute("points", places.map(({ x, y }) => `${1000 * x},${1000 * y}`).join(" "));
  }
}

/**
 * @param {SVGPolygonElement} shape
 * @param {(name: string) => Place} at
 */
export function through({ dataset }, at) {
  const places = (dataset.through ?? "").split(" ").map(at);
  return dataset.long ? along(places[0], places[1]) : places;
}
