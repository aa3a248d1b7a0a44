// A closer look at a place of the picture.

/**
 * Draws a square of the picture, larger; one that is to be laid on its twin is turned over.
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLCanvasElement} picture
 * @param {import("./sight.js").Place} place its middle
 * @param {number} share of the picture's width
 */
export function drawClose(canvas, picture, place, share) {
  const pen = canvas.getContext("2d");
  const span = share * picture.width;
  const turned = "turned" in canvas.dataset;
  pen?.setTransform(turned ? -1 : 1, 0, 0, 1, turned ? canvas.width : 0, 0);
  pen?.clearRect(0, 0, canvas.width, canvas.height);
  const [left, top] = [place.x * picture.width - span / 2, place.y * picture.height - span / 2];
  pen?.drawImage(picture, left, top, span, span, 0, 0, canvas.width, canvas.height);
}
