"""The style sheets keep to their few sizes, weights and widths, and to one place for each thing."""

import re
from pathlib import Path

import pytest

ASSETS = Path(__file__).parents[2] / "docs" / "assets"
TOKENS = ASSETS / "css" / "tokens.css"
FILES = sorted(path for ext in ("css", "js") for path in ASSETS.rglob(f"*.{ext}"))
SHEETS = [path for path in FILES if path.suffix == ".css"]
SIZES = (
    "tiny",
    "small",
    "text",
    "lead",
    "head",
    "answer",
    "title",
)  # the last two follow the window
WEIGHTS = ("regular", "medium", "strong", "bold")
WIDTHS = {"45em", "60em", "76.25em", "21rem", "34rem"}  # as the head of tokens.css tells them
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
QUERY = re.compile(r"@(?:media|container)[^{]*")
DECLARATION = re.compile(r"(?<![\w-])(font|font-size|font-weight|--[\w-]+):\s*([^;{}]+);")


def bare(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def values(path: Path, name: str) -> list[str]:
    return [value for said, value in DECLARATION.findall(bare(path)) if said == name]


def name_of(path: Path) -> str:
    return path.relative_to(ASSETS).as_posix()


def test_the_tokens_are_five_sizes_with_the_answers_and_the_titles_and_four_weights():
    said = [name for name, _ in DECLARATION.findall(bare(TOKENS).partition("@media")[0])]
    assert [name for name in said if name.startswith("--size-")] == [f"--size-{s}" for s in SIZES]
    weights = [name for name in said if name.startswith("--weight-")]
    assert weights == [f"--weight-{w}" for w in WEIGHTS]


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_letters_have_a_size_and_a_weight_of_the_tokens_and_no_other(path):
    sizes = {f"var(--size-{size})" for size in SIZES} | {"inherit"}
    weights = {f"var(--weight-{weight})" for weight in WEIGHTS} | {"inherit"}
    assert set(values(path, "font-size")) <= sizes
    font_faces = {"100 900", "100 560", "561 900"} if path == TOKENS else set()
    assert set(values(path, "font-weight")) <= weights | font_faces
    assert set(values(path, "font")) <= {"inherit"}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_file_is_longer_than_two_hundred_and_fifty_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_windows_and_labs_are_told_apart_at_the_widths_that_the_tokens_tell(path):
    widths = re.findall(r"[\d.]+r?em", " ".join(QUERY.findall(bare(path))))
    assert set(widths) <= WIDTHS
    assert all(width in TOKENS.read_text(encoding="utf-8").partition("@")[0] for width in widths)


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_the_themes_prefix_is_written_once_a_file(path):
    assert len(re.findall(r"\.md-typeset", bare(path))) <= 1


def test_there_is_one_thumb_and_one_edge_of_what_can_be_pressed():
    everything = "".join(bare(path) for path in SHEETS)
    for once in ("::-webkit-slider-thumb", "::-moz-range-thumb", "1px solid var(--line-strong)"):
        assert everything.count(once) == 1


def test_no_page_has_a_box_in_the_theme_s_own_colours(materials):
    boxes = [
        line
        for text in materials.prose.values()
        for line in text.splitlines()
        if line.lstrip().startswith(("???", "!!!"))
    ]
    assert boxes
    assert [line for line in boxes if " bare " not in line] == []
