"""An MkDocs hook: stops the build when the built site links or loads where it may not."""

import os
import shutil
from pathlib import Path

from mkdocs.exceptions import PluginError

from gen import inputs, links
from gen.errors import BuildError

_serving = False


def on_startup(*, command: str, dirty: bool) -> None:
    """Remembers whether this is a preview: there, a missing capture is shown and not an error."""
    global _serving
    _serving = command == "serve"


def on_config(config):
    """Tells publish of a preview, and shows the version menu only where there are versions."""
    config.extra["preview"] = _serving
    if "MIKE_DOCS_VERSION" in os.environ:  # set by `mike deploy`; else versions.json would be a 404
        config.extra["version"] = {"provider": "mike", "alias": True}
    return config


def on_post_build(*, config) -> None:
    """Refuses an outside link, an outside load and a link that leads nowhere."""
    root = Path(config.config_file_path).parent
    scripts = Path(config.site_dir) / "assets" / "javascripts"
    shutil.rmtree(scripts / "lunr", ignore_errors=True)  # 2 MB for languages other than English
    for unused in Path(config.site_dir, "assets").rglob("*.map"):
        unused.unlink()
    try:
        sources = inputs.read(root).sources
    except BuildError as error:
        raise PluginError(str(error)) from None
    site = links.Site(Path(config.site_dir), config.site_url or "", sources)
    if problems := list(site.problems()):
        raise PluginError("\n".join(problems))
