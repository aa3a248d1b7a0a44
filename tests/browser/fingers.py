"""A finger on the glass, as the browser hears it: what is dragged, and what scrolls the page."""

from playwright.sync_api import Locator, Page

PHONE = {"size": (390, 844), "has_touch": True, "is_mobile": True}
STEPS = 8  # on its way


def drag(page: Page, start: tuple[float, float], by: tuple[float, float]) -> None:
    """A finger comes down at a place of the window, goes so many pixels and leaves the glass."""
    glass = page.context.new_cdp_session(page)
    for step in range(STEPS + 1):
        x, y = (at + far * step / STEPS for at, far in zip(start, by, strict=True))
        kind = "touchMove" if step else "touchStart"
        glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    glass.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    glass.detach()


def on(shown: Locator, x: float, y: float) -> tuple[float, float]:
    """A place of the window: so far across and down an element, as shares of its sides."""
    box = shown.bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]
