"""Three hundred damaged copies of sources/*.yml: read, or refused in lines; never a traceback."""

import random
import re
import shutil
from pathlib import Path

import pytest

from gen.core import inputs
from gen.core.errors import BuildError
from gen.study.recipe.whole import read_recipe
from gen.study.world import scene

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "tinysite" / "sources"
MUTANTS = 300
VALUES = (  # what stands where something else should
    *("", "null", "true", "~", "[]", "{}", "0", "-1", "1e999", ".nan", ".inf", "9" * 5000, "0x_"),
    *("2026-13-45", "!!int x", "!!bool maybe", "!!binary '%'", "!!python/object:x y", "*none"),
    *("? [a]", "'", '"\\ud800"', '"\\u202e"', "<script>", "{{ 1/0 }}", "\t", "\x00", "é\u2028"),
    *("1_000", "1:30", "0o8", "&a [*a]", "!!set {a, b}", "<<: 3", "- - -", "|", "@x", "%TAG"),
)
LINE = re.compile(r"sources/\w+\.yml(:\d+)?: ")


def value(rng: random.Random, text: str) -> str:
    """Something else after a colon, somewhere."""
    places = [match.end() for match in re.finditer(r": ", text)]
    at = rng.choice(places)
    end = text.find("\n", at)
    return text[:at] + rng.choice(VALUES) + text[end:]


def inside(rng: random.Random, text: str) -> str:
    """Something in the middle of anything."""
    at = rng.randrange(len(text))
    return text[:at] + rng.choice(VALUES) + text[at + rng.randrange(4) :]


def lines(rng: random.Random, text: str) -> str:
    """A line gone, twice, elsewhere or indented."""
    rows = text.splitlines(keepends=True)
    at, to = rng.randrange(len(rows)), rng.randrange(len(rows))
    row = rows[at]
    if rng.random() < 0.5:
        del rows[at]
    rows.insert(to, rng.choice(("", row, f"  {row}", row.lstrip())))
    return "".join(rows)


def cut(rng: random.Random, text: str) -> str:
    """The beginning, or the end."""
    at = rng.randrange(len(text))
    return rng.choice((text[:at], text[at:]))


def number(rng: random.Random, text: str) -> str:
    """Another number."""
    places = list(re.finditer(r"\d+(\.\d+)?", text))
    if not places:
        return ""
    chosen = rng.choice(places)
    other = rng.choice(("0", "-3", "7.5", "1e9", "99999", "1e-30", str(rng.randrange(100))))
    return text[: chosen.start()] + other + text[chosen.end() :]


DAMAGES = (value, inside, lines, cut, number, number)


@pytest.fixture
def project(tmp_path) -> Path:
    """The miniature's sources, and the real recipe."""
    shutil.copytree(TINY, tmp_path / "sources")
    shutil.copy(ROOT / "sources" / "study.yml", tmp_path / "sources")
    return tmp_path


def read(project: Path) -> None:
    """All that a command reads first, and a scene of the world that the recipe says."""
    inputs.read(project)
    recipe = read_recipe(project / "sources" / "study.yml")
    scene.draw(7, recipe.render, held_out=False)


def test_no_damaged_source_gives_a_traceback(project):
    read(project)
    rng, refused = random.Random(6), 0
    files = sorted((project / "sources").glob("*.yml"))
    for mutant in range(MUTANTS):
        path, damage = files[mutant % len(files)], DAMAGES[mutant % len(DAMAGES)]
        whole = path.read_bytes()
        damaged = damage(rng, whole.decode())
        path.write_bytes(damaged.encode("utf-8", "surrogatepass"))
        try:
            read(project)
        except BuildError as error:
            refused += 1
            for line in str(error).splitlines():
                assert LINE.match(line), (mutant, line)
        except Exception as error:
            raise AssertionError(f"{mutant}: {path.name}: {damaged[:2000]}") from error
        path.write_bytes(whole)
    assert MUTANTS / 2 < refused < MUTANTS, "some are still sound: the damage is no mere noise"
