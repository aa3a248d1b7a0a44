"""Screenshots of the main pages at phone and desktop width, light and dark, from the built site.

    .venv/bin/python benchmarks/shots.py [PAGE...] [--site site] [--to shots]

Whole pages, every picture loaded and nothing moving. They are there to be looked at: nothing
compares them.
"""

import sys
from pathlib import Path

import click
from playwright.sync_api import Browser, Page, sync_playwright
from served import QUIET, ROOT, SITE, chromium, served

SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
SCHEMES = {"light": "default", "dark": "slate"}  # -> what the theme calls them
PAGES = {  # what the file is called -> where the page is
    "home": "/",
    "task": "/task/",
    "workflow": "/workflow/",
    "steps": "/steps/",
    "models": "/models/",
    "idea": "/ideas/chrome-studio/",
    "comparison": "/comparisons/one-word/",
    "measurements": "/measurements/",
    "measurement": "/measurements/mixing/",
    "papers": "/papers/removing-reflections/",
    "sources": "/sources/",
    "404": "/not/here/",
}
PAGE_MS = 120_000  # a busy machine takes its time
# The labs load what comes near the window, so the window goes down the page once and up again.
WALK = """async () => {
    for (const image of document.images) image.loading = "eager"
    for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
        scrollTo(0, y)
        await new Promise(done => setTimeout(done, 100))
    }
    scrollTo(0, 0)
    await Promise.all([...document.images].map(image => image.decode().catch(() => {})))
    await document.fonts.ready
}"""


@click.command(help=__doc__.partition("\n")[0])
@click.argument("pages", nargs=-1, type=click.Choice(list(PAGES)), metavar="[PAGE]...")
@click.option("--site", type=click.Path(path_type=Path), default=SITE, help="A built site.")
@click.option("--to", type=click.Path(path_type=Path), default=ROOT / "shots", help="A folder.")
def main(pages: tuple[str, ...], site: Path, to: Path) -> None:
    program = chromium()
    with served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        to.mkdir(parents=True, exist_ok=True)
        for name in pages or PAGES:
            for size in SIZES:
                shoot(browser, address, name, size, to)
        browser.close()


def shoot(browser: Browser, address: str, name: str, size: str, to: Path) -> None:
    """One page at one width, in each scheme: `to`/NAME-SIZE-SCHEME.png."""
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page.set_default_timeout(PAGE_MS)
    answer = page.goto(f"{address}{PAGES[name]}")
    if name != "404" and not answer.ok:
        raise click.ClickException(f"the built site has no page {PAGES[name]}; run make site")
    page.evaluate(WALK)
    for scheme in SCHEMES:
        file = to / f"{name}-{size}-{scheme}.png"
        dress(page, scheme)
        page.screenshot(path=file, full_page=True, animations="disabled")
        click.echo(file.name)
    page.close()


def dress(page: Page, scheme: str) -> None:
    """Waits until the page wears the light or the dark scheme."""
    page.emulate_media(color_scheme=scheme)
    page.locator(f"body[data-md-color-scheme={SCHEMES[scheme]}]").wait_for()


if __name__ == "__main__":
    sys.exit(main())
