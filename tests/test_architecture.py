"""Imports go one way, and each heavy library is met where the plan says."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

GEN = Path(__file__).parents[1] / "gen"
RANKS = [
    {"errors", "records"},
    {"inputs", "links", "store", "status", "diagram", "derived", "prose"},
    {"pages", "generate", "attention", "parts", "sheets"},
    {"capture", "publish", "guard", "check"},
    {"__main__"},
]
MET_IN = {  # who may import a heavy library; study/ has its own
    "torch": {"generate", "attention", "parts", "sheets", "capture"},
    "diffusers": {"generate", "parts", "attention", "capture"},  # the last three for types alone
    "transformers": {"generate"},
    "accelerate": {"capture"},
    "mkdocs": {"guard"},
    "mkdocs_gen_files": {"publish"},
    "mitsuba": set(),
    "click": {"__main__"},
}


def imports(path: Path) -> set[str]:
    """Every module that a file imports, ours as "gen.x"."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "gen":
            found |= {f"gen.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module)
    return found


FILES = {path.stem: imports(path) for path in GEN.glob("*.py") if path.stem != "__init__"}
OURS = {
    name: {m.split(".")[1] for m in found if m.startswith("gen.")} for name, found in FILES.items()
}
RANK = {name: rank for rank, names in enumerate(RANKS) for name in names}


def test_every_file_has_a_rank():
    assert set(FILES) == set(RANK)


def test_no_file_imports_one_of_a_higher_rank():
    assert [(n, m) for n, found in OURS.items() for m in found if RANK[m] > RANK[n]] == []


def test_programs_do_not_import_each_other():
    top = {name for name, rank in RANK.items() if rank == 3}
    assert [(n, m) for n in top for m in OURS[n] & top] == []


def test_imports_have_no_circle():
    assert list(TopologicalSorter(OURS).static_order())


def test_heavy_libraries_are_met_where_the_plan_says():
    met = {
        library: {n for n, found in FILES.items() if library in {m.split(".")[0] for m in found}}
        for library in MET_IN
    }
    assert {library: names - MET_IN[library] for library, names in met.items()} == {
        library: set() for library in MET_IN
    }


def test_making_and_publishing_never_meet():
    """What publishing reaches, directly or not, holds nothing that makes captures."""
    reached, todo = set(), {"publish", "guard"}
    while todo:
        name = todo.pop()
        reached.add(name)
        todo |= OURS[name] - reached
    assert reached.isdisjoint({"generate", "attention", "parts", "sheets", "capture"})
