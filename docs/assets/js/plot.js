// Curves that are pressed: a click goes there, a drag goes along.

const DRAG = 6; // pixels sideways that make a press a drag

/**
 * A finger that scrolls the page across the curves neither clicks nor drags.
 * @param {HTMLElement} plot
 * @param {(part: number) => void} go to a part of the way, from 0 to 1
 * @param {AbortSignal} signal
 */
export function alongPlot(plot, go, signal) {
  let from = 0; // where the press began, in pixels; once it drags, anywhere will do
  /** @param {MouseEvent} event */
  const goTo = ({ clientX }) => {
    const { left, width } = plot.getBoundingClientRect();
    go((clientX - left) / width);
  };
  /** @param {PointerEvent} event */
  const press = (event) => {
    from = event.clientX;
    plot.setPointerCapture(event.pointerId);
  };
  /** @param {PointerEvent} event */
  const drag = (event) => {
    if (!plot.hasPointerCapture(event.pointerId) || Math.abs(event.clientX - from) < DRAG) return;
    from = Number.NEGATIVE_INFINITY;
    goTo(event);
  };
  plot.addEventListener("pointerdown", press, { signal });
  plot.addEventListener("pointermove", drag, { signal });
  plot.addEventListener("click", goTo, { signal });
}
