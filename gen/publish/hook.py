"""An MkDocs hook: completes and seals each page, and stops a build that links where it may not."""

import os
import shutil
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from selectolax.lexbor import LexborHTMLParser

from gen.core import inputs
from gen.core.errors import BuildError
from gen.publish.html import csp as policy
from gen.publish.html import links
from gen.publish.html import placeholders as aside
from gen.publish.html import unused_assets as trimmed
from gen.publish.html.accessible_names import mended

_serving = False


def on_startup(*, command: str, dirty: bool) -> None:
    """Remembers whether this is a preview: there, a missing capture is shown and not an error."""
    global _serving
    _serving = command == "serve"


def on_config(config):
    """Tells publish of a preview, and shows the version menu only where there are versions.

    Refuses extra.only_with, what only some pages load, where it names a file that none loads.
    """
    config.extra["preview"] = _serving
    loaded = (*config.extra_css, *map(str, config.extra_javascript))
    try:
        trimmed.check(config.extra.setdefault("only_with", {}), loaded)
    except BuildError as error:
        raise PluginError(str(error)) from None
    if "MIKE_DOCS_VERSION" in os.environ:  # set by `mike deploy`; else versions.json would be a 404
        config.extra["version"] = {"provider": "mike", "alias": True}
    if config.site_url:  # mike takes the last slash away, and the search of a 404 page needs it
        config.site_url = f"{config.site_url.rstrip('/')}/"
    return config


def on_post_page(output: str, *, page, config) -> str:
    """Puts the blocks that stood aside into the drawn page."""
    path = page.file.src_uri
    try:
        return aside.back(path, output, config.extra["blocks"].get(path, ()))
    except BuildError as error:
        raise PluginError(str(error)) from None


@event_priority(-100)  # after whatever else still changes a page
def on_post_build(*, config) -> None:
    """Seals every page; refuses an outside link, an outside load and a link that leads nowhere."""
    root, folder = Path(config.config_file_path).parent, Path(config.site_dir)
    shutil.rmtree(folder / "assets" / "javascripts" / "lunr", ignore_errors=True)  # 2 MB, not ours
    for unused in (folder / "assets").rglob("*.map"):
        unused.unlink()
    try:
        sources = inputs.read(root).sources
    except BuildError as error:
        raise PluginError(str(error)) from None
    site = links.Site(folder, config.site_url or "", sources)
    # A preview adds a script to each page as it serves it: no policy could name that one.
    unsafe = [] if _serving else list(_seal(folder, config.extra["only_with"]))
    if problems := [*unsafe, *site.problems()]:
        raise PluginError("\n".join(problems))


def _seal(folder: Path, only_with: dict[str, str]):
    """Leaves every page what it needs, gives it its names and its policy.

    One line for all that its own policy refuses.
    """
    for path in sorted(folder.rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        tree = LexborHTMLParser(html)
        html = policy.sealed(mended(trimmed.trimmed(html, tree, only_with), tree))
        path.write_text(html, encoding="utf-8", newline="\n")
        for problem in policy.problems(html):
            yield f"{path.relative_to(folder).as_posix()}: {problem}"
