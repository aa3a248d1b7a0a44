"""The lists beside the text come after it, and move it nowhere when they do."""

import pytest


@pytest.mark.parametrize("path", ["/", "/workflow/", "/steps/", "/measurements/"])
def test_a_text_stands_where_it_will_stay_before_the_lists_beside_it_have_come(visit, path):
    """As a page is painted while it comes: without what follows the text in it."""
    page = visit(path, java_script_enabled=False, size=(1366, 900))
    text = page.locator(".md-content")
    stands = text.bounding_box()
    page.locator(".md-sidebar").evaluate_all("lists => lists.forEach(list => list.remove())")
    kept = text.bounding_box()
    assert (kept["x"], kept["width"]) == (stands["x"], stands["width"])
