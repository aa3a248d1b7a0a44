"""The shipped content security policy, as Chromium enforces it."""

from pathlib import Path

import pytest

CSP = "meta[http-equiv='Content-Security-Policy']"


def test_the_theme_runs_under_a_policy_without_inline_scripts(visit):
    page = visit("/")  # a refusal would be a console error, which the fixture fails on
    assert "unsafe" not in page.locator(CSP).get_attribute("content").split("style-src")[0]
    page.locator("label[for=__palette_1]").click()  # the palette's own inline script, on reload:
    page.reload()
    chosen = page.evaluate("document.body.dataset.mdColorScheme")
    assert chosen == "default"
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("chrome")  # the search is a worker
    page.locator(".md-search-result__item").first.wait_for()


@pytest.mark.parametrize(
    "intruder",
    ["<script>intruder = 1</script>", '<img src="/assets/mark.svg" onload="intruder = 1" alt="">'],
)
def test_a_script_that_was_slipped_in_does_not_run(site, address, watched, intruder):
    html = Path(site, "task", "index.html").read_text(encoding="utf-8")
    watch = watched()
    page = watch.context.new_page()
    slipped = html.replace("</article>", f"{intruder}</article>")
    page.route("**/task/", lambda route: route.fulfill(body=slipped, content_type="text/html"))
    page.goto(f"{address}/task/")
    page.wait_for_load_state("load")
    assert page.evaluate("typeof intruder") == "undefined"
    assert any("CSP" in problem for problem in watch.problems)
    watch.context.close()
