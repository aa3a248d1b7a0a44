// Where a mirror looks: a ball's place by arithmetic, a door's by the way that it faces there. Directions are [to the
// right, up, ahead] of a viewer, places are shares of the picture's width and height from its upper left corner.

/** @typedef {[number, number, number]} Direction of length 1 */
/** @typedef {{ turn: number, tilt: number }} Side from which it is seen: degrees to the right, and looking down */
/** @typedef {{ width: number, height: number, values: Float32Array }} Normals four numbers a place: how it faces to the
 * right and up, how much of it is door, nothing */
/** @typedef {(x: number, y: number) => Direction | null} Look where a place looks; null off the mirror */

const DEGREE = Math.PI / 180;
const LEVEL = 3; // degrees: as near to level as this, it is the horizon
const STEEP = 72; // as near to upright as 18 degrees, it is overhead or underfoot
const HOUSES = 26; // degrees up to which houses may stand
const NEAR_SUN = 6; // degrees

/**
 * The way from the eye through a place of the picture.
 * @param {number} x
 * @param {number} y
 * @param {number} across degrees of the picture's width
 * @param {number} aspect its width over its height
 * @returns {Direction}
 */
export function ray(x, y, across, aspect) {
  const half = Math.tan((across / 2) * DEGREE);
  return unit([(2 * x - 1) * half, ((1 - 2 * y) * half) / aspect, 1]);
}

/**
 * Where a ball of radius 1 looks whose middle is as many radii ahead as `eye` says.
 * @param {number} eye
 * @param {number} across
 * @param {number} aspect
 * @returns {Look}
 */
export function ballLook(eye, across, aspect) {
  return (x, y) => {
    const toward = ray(x, y, across, aspect);
    const along = toward[2] * eye;
    const under = along * along - eye * eye + 1;
    if (under < 0) return null;
    const depth = along - Math.sqrt(under);
    return mirrored(toward, [depth * toward[0], depth * toward[1], depth * toward[2] - eye]);
  };
}

/**
 * Where a door looks.
 * @param {Normals} normals
 * @param {number} across
 * @param {number} aspect
 * @returns {Look}
 */
export function doorLook({ width, height, values }, across, aspect) {
  return (x, y) => {
    const column = Math.min(Math.max(Math.floor(x * width), 0), width - 1);
    const row = Math.min(Math.max(Math.floor(y * height), 0), height - 1);
    const [right, up, share] = values.subarray(4 * (row * width + column));
    if (share < 0.9) return null;
    return mirrored(ray(x, y, across, aspect), facing(right, up));
  };
}

/**
 * A direction as it lies in the world, of one that a viewer sees who has walked round and looks down.
 * @param {Direction} direction
 * @param {Side} side
 * @returns {Direction}
 */
export function inWorld([right, up, ahead], { turn, tilt }) {
  const [down, level] = [Math.sin(tilt * DEGREE), Math.cos(tilt * DEGREE)];
  const [aside, before] = [Math.sin(turn * DEGREE), Math.cos(turn * DEGREE)];
  const far = ahead * level + up * down;
  return [right * before + far * aside, up * level - ahead * down, far * before - right * aside];
}

/**
 * What is to the viewer's right, up and ahead, as it lies in the world.
 * @param {Side} side
 */
export function axesOf(side) {
  return { right: inWorld([1, 0, 0], side), up: inWorld([0, 1, 0], side), ahead: inWorld([0, 0, 1], side) };
}

/**
 * Where a direction leads, in words.
 * @param {Direction} direction in the world
 * @param {Side} side
 * @param {{ between: string, sun: Direction }} world what stands between its ground and its sky; where its sun is
 */
export function words(direction, { turn }, { between, sun }) {
  const high = height(direction[1]);
  if (angle(direction, sun) < NEAR_SUN) return `the sun, ${side(azimuth(direction[0], direction[2]) - turn)}`;
  if (high > STEEP) return "the sky overhead";
  if (high < -STEEP) return "the ground right below it";
  const where = side(azimuth(direction[0], direction[2]) - turn);
  if (Math.abs(high) <= LEVEL) return [between ? `the foot of ${between}` : "the horizon", where].join(", ");
  if (high < 0) return `the ground ${where}`;
  return [between && high < HOUSES ? `${between} or the sky above them,` : "the sky", where].join(" ");
}

/** @param {number} degrees to the right of where the viewer looks */
function side(degrees) {
  const right = ((degrees + 540) % 360) - 180;
  const hand = right > 0 ? "right" : "left";
  const far = Math.abs(right);
  if (far < 20) return "straight ahead of you";
  if (far < 65) return `ahead of you on the ${hand}`;
  if (far < 115) return `on your ${hand}`;
  return far < 160 ? `behind you on the ${hand}` : "right behind you";
}

/**
 * A direction by its degrees to the right and up.
 * @param {number} right
 * @param {number} up
 * @returns {Direction}
 */
export function toward(right, up) {
  const level = Math.cos(up * DEGREE);
  return [level * Math.sin(right * DEGREE), Math.sin(up * DEGREE), level * Math.cos(right * DEGREE)];
}

/**
 * What lies so far to the right and up that it faces the viewer.
 * @param {number} right
 * @param {number} up
 * @returns {Direction}
 */
function facing(right, up) {
  return [right, up, -Math.sqrt(Math.max(1 - right * right - up * up, 0))];
}

/**
 * @param {Direction} ray
 * @param {Direction} normal
 * @returns {Direction}
 */
function mirrored(ray, normal) {
  const into = 2 * dot(ray, normal);
  return [ray[0] - into * normal[0], ray[1] - into * normal[1], ray[2] - into * normal[2]];
}

/**
 * @param {Direction} a
 * @param {Direction} b
 */
export const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/**
 * @param {Direction} a
 * @param {Direction} b
 */
const angle = (a, b) => Math.acos(Math.min(dot(a, b), 1)) / DEGREE;

/**
 * @param {number[]} v
 * @returns {Direction}
 */
function unit([x, y, z]) {
  const size = Math.hypot(x, y, z);
  return [x / size, y / size, z / size];
}

/**
 * @param {number} right
 * @param {number} ahead
 */
export const azimuth = (right, ahead) => Math.atan2(right, ahead) / DEGREE;

/** @param {number} up */
export const height = (up) => Math.asin(Math.min(Math.max(up, -1), 1)) / DEGREE;
