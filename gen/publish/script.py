"""The mkdocs-gen-files script: puts what is built into MkDocs. Run anew for every build."""

import sys
from pathlib import Path

import mkdocs_gen_files

config = mkdocs_gen_files.config
publishing = config.extra["publishing"]  # a Handover, by the hook
if publishing.preview:  # one process for many builds: else edits to gen/ would need a restart
    for name in [name for name in sys.modules if name == "gen" or name.startswith("gen.")]:
        del sys.modules[name]

from gen.core.errors import BuildError  # noqa: E402
from gen.publish import build, materials  # noqa: E402
from gen.publish.html import scripts  # noqa: E402
from gen.publish.shipping import Shipping  # noqa: E402

root, address = Path(config.config_file_path).parent, config.site_url or ""
named = scripts.of(map(Path, config.theme.dirs), map(str, config.extra_javascript))
try:
    read = materials.read(root, config.site_name, address, publishing.preview)
    publishing.made = Shipping(build.build(read), named, publishing.preview)
    for page in publishing.built.pages.values():
        with mkdocs_gen_files.open(page.path, "w") as file:
            file.write(page.text)
    for path, data in publishing.built.files.items():
        with mkdocs_gen_files.open(path, "wb") as file:
            file.write(data)
    config.nav = publishing.built.nav
except BuildError as error:
    publishing.fault = str(error)  # the hook stops the build: gen-files would show it as a repr
