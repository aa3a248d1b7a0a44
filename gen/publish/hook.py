"""MkDocs' events: what is built becomes the pages that ship; a wrong link stops the build."""

import os
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page as MkDocsPage

from gen.core.errors import BuildError
from gen.publish import handover, template_cache
from gen.publish.handover import Handover
from gen.publish.html import links
from gen.publish.html.finish import finish
from gen.publish.page import Page

UNUSED = "assets/javascripts/lunr/"
LAST = -100  # after whatever else still changes a page


class Hook:
    """The events of one run of MkDocs, which under `mkdocs serve` is many builds."""

    def __init__(self) -> None:
        self.preview = False

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remembers whether this is a preview."""
        self.preview = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Begins a build, and shows the version menu only where there are versions."""
        config.extra[handover.PLACE] = Handover(self.preview)
        if "MIKE_DOCS_VERSION" in os.environ:  # by `mike deploy`; else versions.json would be a 404
            config.extra["version"] = {"provider": "mike", "alias": True}
        if config.site_url:  # mike takes the last slash away, and a 404 page's search needs it
            config.site_url = f"{config.site_url.rstrip('/')}/"
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Leaves out what the theme brings and no page loads: 2 MB of stemmers, and maps."""
        for file in list(files):
            if file.src_uri.startswith(UNUSED) or file.src_uri.endswith(".map"):
                files.remove(file)
        return files

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Lets the theme's templates be compiled once, not once a build."""
        template_cache.keep(env, Path(config.config_file_path).parent)
        return env

    @event_priority(LAST)
    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        """A page of the site, as it ships."""
        publishing, path = handover.of(config), page.file.src_uri
        assert publishing.built is not None
        own = publishing.built.pages.get(path, Page(path))
        return self._finish(publishing, page.file.dest_uri, output, own)

    @event_priority(LAST)
    def on_post_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:
        """The page for unknown addresses, as it ships."""
        if not template_name.endswith(".html"):
            return output
        return self._finish(handover.of(config), template_name, output, Page(template_name))

    @event_priority(LAST)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Refuses an outside link, an outside load and a link that leads nowhere."""
        folder = Path(config.site_dir)
        if problems := list(_problems(handover.of(config), folder, config.site_url or "")):
            raise PluginError("\n".join(problems))

    def _finish(self, publishing: Handover, place: str, html: str, page: Page) -> str:
        try:
            publishing.finished[place] = finish(html, page, publishing.preview)
        except BuildError as error:
            raise PluginError(str(error)) from None
        return publishing.finished[place].html


def _problems(publishing: Handover, folder: Path, address: str) -> Iterator[str]:
    """One line for all that is wrong with a built site."""
    assert publishing.built is not None
    finished = publishing.finished
    for place, page in sorted(finished.items()):
        yield from (f"{place}: {problem}" for problem in page.problems)
    for path in sorted(folder.rglob("*.html")):
        place = path.relative_to(folder).as_posix()
        if place not in finished or path.read_text(encoding="utf-8") != finished[place].html:
            yield f"{place}: is not as it was finished; find what else writes it"
    pages = {place: page.content for place, page in finished.items()}
    yield from links.Site(folder, address, publishing.built.sources, pages).problems()


hook = Hook()
on_startup, on_config, on_files = hook.on_startup, hook.on_config, hook.on_files
on_env, on_post_page, on_post_template = hook.on_env, hook.on_post_page, hook.on_post_template
on_post_build = hook.on_post_build
