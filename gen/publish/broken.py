"""What a preview shows while the site cannot be built."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Not built</title></head>
<body>
<h1>This site cannot be built now</h1>
<pre>{}</pre>
<p>It shows itself again once this is mended.</p>
</body>
</html>
"""


def say(folder: Path, places: Iterable[str], reason: str) -> None:
    """Writes the reason in the place of every page; MkDocs adds what lets it reload itself."""
    page = PAGE.format(escape(reason))
    for place in {"index.html", "404.html", *places}:
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
