"""Two hundred damaged pages: drawn, or refused in lines with docs/; never a traceback."""

import re
from pathlib import Path

import pytest

hypothesis = pytest.importorskip("hypothesis", reason="needs the test install")
from hypothesis import HealthCheck, given, settings  # noqa: E402
from hypothesis import strategies as some  # noqa: E402

from gen.core.errors import BuildError  # noqa: E402
from gen.publish import materials as reading  # noqa: E402
from gen.publish.drawing import Plan, draw  # noqa: E402
from gen.publish.html import finish  # noqa: E402
from gen.publish.materials import Materials  # noqa: E402

ROOT = Path(__file__).parents[2]
PAGES = tuple(path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md")))
PIECES = (
    *(
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "[[",
        "]]",
        "[@sd:",
        "[@",
        "]",
        "---\n",
        "```\n",
        "\n\n",
        "\x00",
    ),
    *("{{ measured() }}", "{{ lab() }}", "{{ 1/0 }}", "{{ x.y }}", "{% for %}", "{{ lab(3) }}"),
    *('{{ lab("chrome-studio") }}', '{{ chart("word") }}', "{{ ours() }}", "{% include 'x' %}"),
    *("{{ cite('') }}", "{{ [] | first }}", "{{ range(10**9) | list }}", "{{ up() }}", "{{ () }}"),
    *("{{ made }}", "{{ dict }}"),
    *(
        "title: [a]\n",
        "title: 2026-13-45\n",
        "? [a]\n",
        "<script>",
        "<!--",
        "\u202e",
        "\ufeff",
        "&",
    ),
    *(
        "{{ measured('word', 'x') }}",
        "{{ example('asked', wipe=3) }}",
        "{{ derived(1) }}",
        "é" * 99,
    ),
)
LINE = re.compile(r"docs/x\.md(:\d+)?: |sources/sources\.yml: ")


@pytest.fixture(scope="module")
def materials() -> Materials:
    return reading.read(ROOT)


@some.composite
def damaged(pick) -> str:
    """A real page with pieces put into it, taken out of it or written over it."""
    page = pick(some.sampled_from(PAGES))
    for _ in range(pick(some.integers(1, 4))):
        at = pick(some.integers(0, len(page)))
        away = pick(some.sampled_from((0, 0, 1, 7, 300)))
        piece = pick(some.sampled_from(PIECES) | some.text(max_size=8))
        page = page[:at] + piece + page[at + away :]
    return page


@settings(
    max_examples=200,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(text=damaged())
def test_no_damaged_page_gives_a_traceback(materials, text):
    try:
        page = draw(Plan("x.md", text), materials)
    except BuildError as error:
        for line in str(error).splitlines():
            assert LINE.match(line), line
    else:
        html = f'<html><head><meta charset="utf-8"></head><body>{page.text}</body></html>'
        try:
            finish.finish(html, page)
        except BuildError as error:
            assert LINE.match(str(error)), error
