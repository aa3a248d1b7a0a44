// What a run shows, on canvases: its picture, and maps of the latents' places from black to white.

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8ClampedArray<ArrayBuffer>} rgba of its own size
 */
export function drawPicture(canvas, rgba) {
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, canvas.width, canvas.height), 0, 0);
}

/**
 * Black is the lowest value, white the highest.
 * @param {HTMLCanvasElement} canvas of the map's own size
 * @param {Float32Array | null} values
 */
export function drawMap(canvas, values) {
  const context = canvas.getContext("2d");
  if (!context) return;
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!values) return;
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const image = context.createImageData(canvas.width, canvas.height);
  values.forEach((value, i) => {
    const grey = (255 * (value - low)) / (high - low || 1);
    image.data.set([grey, grey, grey, 255], 4 * i);
  });
  context.putImageData(image, 0, 0);
}

/**
 * The sum of what places read of some tokens.
 * @param {Float32Array} reads [tokens][places]
 * @param {number[]} tokens
 * @param {number} places
 */
export function readOf(reads, tokens, places) {
  const sum = new Float32Array(places);
  for (const token of tokens) for (let i = 0; i < places; i++) sum[i] += reads[token * places + i];
  return sum;
}
