// How far metal leans that shows the horizon so far off the real one.

const RADIAN = 180 / Math.PI;
const VIEWS = [20, 60]; // degrees that a picture sees across: a long lens, a wide one
const TURNED = 60; // degrees: the farthest that a place is taken to be turned away, to its left or right

/**
 * A place leans by t, is turned sideways by a, and is looked at by d below the horizon. Its mirror then looks level where
 * tan d = tan 2t cos a: by twice the lean seen square on, by less the more it is turned.
 * @param {number} down degrees from the horizon to the place that shows it, as the eye is sent there
 * @param {number} turned degrees
 */
export const lean = (down, turned) => (Math.atan(Math.tan(down / RADIAN) / Math.cos(turned / RADIAN)) * RADIAN) / 2;

/**
 * The least and the most that it may be: through a long lens and seen square on; through a wide one and turned away.
 * @param {number} off widths of the picture from its horizon to the place
 */
export function leans(off) {
  const down = VIEWS.map((view) => Math.atan(2 * Math.abs(off) * Math.tan(view / 2 / RADIAN)) * RADIAN);
  return [lean(down[0], 0), lean(down[1], TURNED)];
}
