"""Imports go one way, and each heavy library is met where the plan says."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

GEN = Path(__file__).parents[1] / "gen"
RANKS = [
    {"errors", "records"},
    {
        "inputs",
        "links",
        "store",
        "status",
        "boxes",
        "diagram",
        "compared",
        "derived",
        "prose",
        "glossary",
        "mended",
        "policy",
        "social",
        "stock",
        "tags",
        "charts",
        "aside",
        "trimmed",
        "cached",
        "enlarged",
        "strip",
    },
    {"marks", "pages", "generate", "attention", "parts", "sheets"},
    {"capture", "publish", "guard", "check"},
    {"__main__"},
]
STUDY = {  # the study model's own rooms, and the rank that each may reach
    1: {"scene"},
    2: {
        "car",
        "worlds",
        "render",
        "model",
        "pyramid",
        "checkpoint",
        "dataset",
        "run",
        "autoencoder",
        "decoder",
        "diffusion",
        "readings",
        "sections",
        "jury",
        "judges",
        "trust",
        "reference",
        "samples",
    },
    3: {"loop", "train", "judge_stage", "score", "score_table"},
}
MEASURE = {  # what measurements share, and the measurements
    2: {"common", "pictures", "light", "taken", "watch"},
    3: {
        "agreement",
        "asked",
        "captured",
        "colour",
        "copied",
        "decided",
        "given",
        "guidance",
        "highlights",
        "making",
        "mixing",
        "pick",
        "picking",
        "word",
    },
}
MET_IN = {  # who may import a heavy library; study/ has its own
    "torch": {
        "generate",
        "attention",
        "parts",
        "sheets",
        "capture",
        "measure.colour",  # fits a network
        "measure.watch",
        "measure.pick",
    },
    "diffusers": {  # all but the first for types alone
        "generate",
        "parts",
        "attention",
        "capture",
        "measure.given",
        "measure.watch",
        "measure.pick",
    },
    "matplotlib": {"charts"},
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
        elif isinstance(node, ast.ImportFrom) and node.module in (
            "gen",
            "gen.study",
            "gen.measure",
        ):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module)
    return found


FILES = {
    ".".join(path.relative_to(GEN).with_suffix("").parts): imports(path)
    for path in GEN.rglob("*.py")
    if path.stem != "__init__"
}
RANK = {name: rank for rank, names in enumerate(RANKS) for name in names}
RANK |= {f"study.{name}": rank for rank, names in STUDY.items() for name in names}
RANK |= {f"measure.{name}": rank for rank, names in MEASURE.items() for name in names}
OURS = {
    name: {ours for m in found for ours in RANK if m == f"gen.{ours}"}
    for name, found in FILES.items()
}


def test_every_file_has_a_rank():
    assert set(FILES) == set(RANK)


def test_no_file_imports_one_of_a_higher_rank():
    assert [(n, m) for n, found in OURS.items() for m in found if RANK[m] > RANK[n]] == []


def test_programs_do_not_import_each_other():
    top = RANKS[3]
    assert [(n, m) for n in top for m in OURS[n] & top] == []


def test_imports_have_no_circle():
    assert list(TopologicalSorter(OURS).static_order())


def test_heavy_libraries_are_met_where_the_plan_says():
    met = {
        library: {
            n
            for n, found in FILES.items()
            if library in {m.split(".")[0] for m in found} and not n.startswith("study.")
        }
        for library in MET_IN
    }
    assert {library: names - MET_IN[library] for library, names in met.items()} == {
        library: set() for library in MET_IN
    }


def test_mitsuba_is_met_in_one_place():
    assert [n for n, found in FILES.items() if "mitsuba" in found] == ["study.render"]


def test_making_and_publishing_never_meet():
    """What publishing reaches, directly or not, holds nothing that makes captures."""
    reached, todo = set(), {"publish", "guard"}
    while todo:
        name = todo.pop()
        reached.add(name)
        todo |= OURS[name] - reached
    assert reached.isdisjoint({"generate", "attention", "parts", "sheets", "capture"})
