"""All that ships and is not ours is named with its licence, in a file each page leads to."""

import re
from pathlib import Path

import material
import pytest

ROOT = Path(__file__).parents[2]
NOTICE = (ROOT / "docs" / "assets" / "licences.txt").read_text(encoding="utf-8")
THEME = Path(material.__file__).parent / "templates" / "assets"
SHIPPED = sorted(
    path
    for path in (*THEME.rglob("*.min.js"), *THEME.rglob("*.min.css"))
    if "lunr" not in path.relative_to(THEME).parts
)


def test_the_notice_is_about_the_theme_that_is_pinned():
    """A newer theme brings newer libraries: look at what they are, then name its version here."""
    pinned = re.search(r"^mkdocs-material==(.*)$", (ROOT / "constraints.txt").read_text(), re.M)
    assert f"mkdocs-material {pinned[1]} " in NOTICE


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_whoever_a_shipped_file_names_stands_in_the_notice(path):
    text = path.read_text(encoding="utf-8")
    comments = "\n".join(re.findall(r"/\*[!*].*?\*/", text, re.DOTALL))
    owners = re.findall(r"(?:Copyright ?\([cC]\) [\d-]+|Licensed MIT ©) ([^\n]+)", comments)
    owners += re.findall(r"(Font Awesome Free [\d.]+)", text)
    missing = {owner.strip() for owner in owners} - {o for o in owners if o.strip() in NOTICE}
    assert not missing


def test_each_font_of_ours_has_its_licence_beside_it():
    for font in (ROOT / "docs" / "assets" / "fonts").glob("*.woff2"):
        assert f"assets/fonts/{font.name}" in NOTICE
        assert "SIL OPEN FONT LICENSE" in (font.parent / "OFL.txt").read_text(encoding="utf-8")


def test_the_words_of_each_licence_that_asks_for_it_are_there():
    for heading in ("MIT License", "Apache License 2.0", "W3C Software and Document Notice"):
        assert re.search(rf"^{heading}.*\n-+\n", NOTICE, re.M)
