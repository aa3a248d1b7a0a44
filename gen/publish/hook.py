"""MkDocs' events: what is built becomes the pages that ship; a wrong link stops the build."""

import gc
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.utils.templates import TemplateContext

from gen.publish import broken, handover, lean_script, lean_style, template_cache
from gen.publish.faults import WRONG
from gen.publish.handover import Handover

UNUSED = "assets/javascripts/lunr/"
OURS = ("assets/js/", "assets/css/")  # with the comments that their readers in docs/ need
FAILS: tuple[type[Exception], ...] = (MkDocsException, *WRONG)  # what a build can end with
LAST = -100  # after whatever else still changes a page
# Objects between two searches for dead circles of them. A build makes many that stay to its end;
# with Python's few hundred they are all looked through again and again, a tenth of its time.
BETWEEN_SEARCHES = 50_000
INDEX = Path("search", "search_index.json")
TEXTS = ("site_name", "site_description", "site_author", "copyright")  # of mkdocs.yml
log = get_plugin_logger("site")


class Hook:
    """The events of one run of MkDocs, which under `mkdocs serve` is many builds.

    It holds nothing of gen/ that makes pages: that comes from the script, new for each build.
    """

    def __init__(self) -> None:
        self.preview = False
        self.reason = ""  # why the last build failed
        self.places: set[str] = set()  # of the pages that the builds before made
        self.said: set[str] = set()  # of the build before: what it left out

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remembers whether this is a preview, and has memory searched less often."""
        self.preview = command == "serve"
        gc.set_threshold(BETWEEN_SEARCHES)

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Begins a build, and shows the version menu only where there are versions."""
        config.extra[handover.PLACE] = Handover(self.preview)
        if "MIKE_DOCS_VERSION" in os.environ:  # by `mike deploy`; else versions.json would be a 404
            config.extra["version"] = {"provider": "mike", "alias": True}
        if config.site_url:  # mike takes the last slash away, and a 404 page's search needs it
            config.site_url = f"{config.site_url.rstrip('/')}/"
        return config

    @event_priority(LAST)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Stops where the script could not build, and leaves out what is no part of the site.

        Our scripts and style sheets ship without comments; in a preview they are as written.
        """
        publishing = handover.of(config)
        if publishing.fault:
            raise PluginError(publishing.fault)
        docs = Path(config.docs_dir)
        people = [file for file in files if _lies_in(file, docs)]
        people = [file for file in people if file.inclusion is not InclusionLevel.EXCLUDED]
        paths = [file.src_uri for file in people if publishing.shipping.publishes(file.src_uri)]
        if faults := list(publishing.shipping.faults(docs, paths)):
            raise PluginError("\n".join(faults))
        strange = {file.src_uri for file in people} - set(paths)
        self._say((*_not_published(strange, paths), *publishing.built.notes))
        for file in list(files):
            unused = file.src_uri.startswith(UNUSED) or file.src_uri.endswith(".map")
            if unused or file.src_uri in strange:
                files.remove(file)
            elif not self.preview and _ships_lean(file):
                files.remove(file)
                files.append(_lean(file, config))
        return files

    @event_priority(LAST)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Has the menu end at the sections whose pages the site makes: it stands on every page."""
        closed = handover.of(config).built.closed
        for page in nav.pages:
            section = page.parent
            if section is not None and page.is_index and page.file.src_uri in closed:
                section.children = [page]
        return nav

    @event_priority(LAST)
    def on_page_markdown(
        self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files
    ) -> str:
        """Gives the theme titles and descriptions as text."""
        page.meta = handover.of(config).shipping.meta(dict(page.meta))
        return markdown

    @event_priority(LAST)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Gives the theme mkdocs.yml's texts as text; its templates are compiled once for all."""
        template_cache.keep(env, Path(config.config_file_path).parent)
        texts = {name: config[name] for name in TEXTS if config[name]}
        config.update(handover.of(config).shipping.meta(texts))
        return env

    @event_priority(LAST)
    def on_page_context(
        self, context: TemplateContext, *, page: MkDocsPage, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Has previous and next follow the story, and elsewhere stay in a page's own room."""
        path, story = page.file.src_uri, handover.of(config).built.story
        if path in story:
            pages = {other.file.src_uri: other for other in nav.pages}
            at, around = story.index(path), (None, *(pages[place] for place in story), None)
            page.previous_page, page.next_page = around[at], around[at + 2]
            return context
        for side in ("previous_page", "next_page"):
            other = getattr(page, side)
            if other is not None and _room(other) is not _room(page):
                setattr(page, side, None)
        return context

    @event_priority(LAST)
    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        """A page of the site, as it ships."""
        return self._finish(config, page.file.dest_uri, output, page.file.src_uri)

    @event_priority(LAST)
    def on_post_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:
        """The page for unknown addresses, as it ships."""
        if not template_name.endswith(".html"):
            return output
        return self._finish(config, template_name, output, template_name)

    @event_priority(LAST)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Refuses an outside link, an outside load and a link that leads nowhere."""
        folder, shipping = Path(config.site_dir), handover.of(config).shipping
        if (folder / INDEX).is_file():
            self._index(config, folder / INDEX)
        shipping.complete(folder)
        if problems := list(shipping.problems(folder, config.site_url or "")):
            raise PluginError("\n".join(problems))

    def on_build_error(self, *, error: Exception) -> None:
        """Remembers why a build failed, for a preview."""
        self.reason = str(error)

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[[], None]
    ) -> LiveReloadServer:
        """Lets a preview show why a build failed, where MkDocs would keep browsers waiting."""
        folder = Path(config.site_dir)
        server.builder = lambda: self._rebuild(builder, folder)
        return server

    def _rebuild(self, builder: Callable[[], None], folder: Path) -> None:
        """One build of a preview; where it fails, each page that there was says so."""
        pages = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
        self.places |= pages
        self.reason = ""
        try:
            builder()
        except FAILS as error:
            if not isinstance(error, MkDocsException):  # MkDocs has no word for it: where it arose
                log.exception("A fault that this project has no line for")
            elif not self.reason:  # it failed before it began, and MkDocs has not told why
                log.error(str(error))
            broken.say(folder, self.places, self.reason or str(error))

    def _say(self, lines: Iterable[str]) -> None:
        """What a build leaves out; a preview tells what it told of the build before no more."""
        told = set(lines)
        for line in sorted(told - self.said):
            log.info(line)
        self.said = told

    def _index(self, config: MkDocsConfig, path: Path) -> None:
        """The search's index, as it ships."""
        shipping = handover.of(config).shipping
        try:
            index = shipping.index(path.read_text(encoding="utf-8"))
        except shipping.BuildError as error:
            raise PluginError(str(error)) from None
        path.write_text(index, encoding="utf-8")

    def _finish(self, config: MkDocsConfig, place: str, html: str, path: str) -> str:
        shipping = handover.of(config).shipping
        try:
            return shipping.finish(place, html, path)
        except shipping.BuildError as error:
            raise PluginError(str(error)) from None


def _lies_in(file: File, docs: Path) -> bool:
    """Whether people put a file into docs/, or a command did: not the theme, not the script."""
    return file.abs_src_path is not None and Path(file.abs_src_path).is_relative_to(docs)


def _not_published(strange: set[str], paths: Iterable[str]) -> Iterator[str]:
    """A line for each file that no list names; one for a folder that holds no other."""
    kept = {str(PurePosixPath(path).parent) for path in paths}
    folders = Counter(str(PurePosixPath(path).parent) for path in strange)
    alone = {folder for folder, count in folders.items() if count > 1 and folder not in kept}
    for folder in alone:
        yield f"docs/{folder}/ is not published: no record, page or list names its files"
    for path in strange:
        if str(PurePosixPath(path).parent) not in alone:
            yield f"docs/{path} is not published: no record, page or list names it"


def _room(page: MkDocsPage) -> object:
    """The part of a tab, or the tab, in which a page stands, however deep; None outside of all."""
    above = tuple(page.ancestors)
    return above[max(0, len(above) - 2)] if above else None


def _ships_lean(file: File) -> bool:
    return file.src_uri.startswith(OURS) and file.src_uri.endswith((".js", ".css"))


def _lean(file: File, config: MkDocsConfig) -> File:
    """A script or a style sheet of ours as it ships. Raises PluginError where a script is none."""
    if file.src_uri.endswith(".css"):
        sheet = lean_style.lean(file.content_string)
        return File.generated(config, file.src_uri, content=sheet)
    try:
        script = lean_script.lean(file.content_string)
    except ValueError as error:
        raise PluginError(f"docs/{file.src_uri}: is no script: {error}") from None
    return File.generated(config, file.src_uri, content=script)


hook = Hook()
on_startup, on_config, on_files = hook.on_startup, hook.on_config, hook.on_files
on_nav = hook.on_nav
on_page_markdown, on_env, on_serve = hook.on_page_markdown, hook.on_env, hook.on_serve
on_page_context = hook.on_page_context
on_post_page, on_post_template = hook.on_post_page, hook.on_post_template
on_post_build, on_build_error = hook.on_post_build, hook.on_build_error
