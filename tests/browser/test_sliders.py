"""Every slider of the site: a finger that scrolls across it is forgotten."""

from selectolax.lexbor import LexborHTMLParser

# A finger comes down on each slider and moves it, then the page takes that finger to be scrolled.
SCROLLED = """() => [...document.querySelectorAll("input.slider")].filter((range) => {
    const before = range.value
    const tell = (name) => range.dispatchEvent(new PointerEvent(name, {bubbles: true}))
    tell("pointerdown")
    range.value = before === range.max ? range.min : range.max
    range.dispatchEvent(new Event("input", {bubbles: true}))
    tell("pointercancel")
    return range.value !== before
}).map((range) => range.name || range.id || range.ariaLabel)"""


def pages(site, paths) -> dict[str, str]:
    """A page for each kind of element that holds a slider."""
    found = {}
    for path in paths:
        page = LexborHTMLParser((site / path.strip("/") / "index.html").read_bytes())
        for slider in page.css("input.slider"):
            holder = slider.parent
            while "-" not in holder.tag:
                holder = holder.parent
            found.setdefault(holder.tag, path)
    return found


def test_a_finger_that_only_scrolls_across_a_slider_moves_it_on_no_page(visit, site, paths):
    found = pages(site, paths)
    assert {"step-lab", "compare-lab", "paint-lab", "your-picture", "picture-wipe"} < set(found)
    for element, path in found.items():
        page = visit(path)
        page.locator(f"{element}:defined").first.wait_for(state="attached")
        page.wait_for_load_state("networkidle")
        assert page.evaluate(SCROLLED) == [], element
