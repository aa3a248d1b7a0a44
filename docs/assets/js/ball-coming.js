// What a ball needs before it can be turned: its files, and graphics, which may go and come back.

import { unrolled } from "./ball-files.js";
import { come } from "./come.js";

/**
 * @callback Show
 * @param {Awaited<ReturnType<typeof unrolled>>} [around] the surroundings, if they were asked for
 * @param {HTMLImageElement} [normals] how a door faces, likewise
 */

/**
 * Fetches the surroundings and the picture that tells how a door faces, and has them shown together. Rejects with the name of
 * what does not come.
 * @param {string} src where they lie
 * @param {string[]} files by name; "" for one that is there already
 * @param {string} world as it is called
 * @param {Show} show
 */
export async function fetched(src, files, world, show) {
  const [around, normals] = files.map((file) => file && `${src}${file}.webp`);
  const asked = around ? unrolled(around) : undefined;
  try {
    show(
      ...(await Promise.all([
        asked?.catch(() => Promise.reject(new Error(`The ${world}`))),
        normals ? come(normals).catch(() => Promise.reject(new Error("The door"))) : undefined,
      ])),
    );
  } finally {
    asked?.then(({ bits }) => bits.close()).catch(() => {}); // whatever became of it
  }
}

/**
 * Begins once an element is a window away.
 * @param {HTMLElement} root
 * @param {() => void} begin
 */
export function onNear(root, begin) {
  const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && begin(), {
    rootMargin: "100% 0px",
  });
  watch.observe(root);
  return watch;
}

/**
 * Tells of graphics that a browser took away; it gives them back where it hears that they are wanted.
 * @param {HTMLCanvasElement} canvas
 * @param {() => void} lost
 * @param {() => void} back
 * @param {AbortSignal} signal
 */
export function onLost(canvas, lost, back, signal) {
  const wait = (/** @type {Event} */ event) => {
    event.preventDefault();
    lost();
  };
  canvas.addEventListener("webglcontextlost", wait, { signal });
  canvas.addEventListener("webglcontextrestored", back, { signal });
}
