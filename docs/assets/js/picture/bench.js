// All that works on a picture once one is there: it comes with the first one, and nothing of it before.

export { read } from "../settings/read.js";
export { show } from "./board.js";
export { Sight } from "./sight.js";
export { taken } from "./taken.js";
export { tell } from "./told.js";
