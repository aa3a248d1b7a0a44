"""Imports go one way, and each heavy library is met where the plan says."""

import ast
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

GEN = Path(__file__).parents[1] / "gen"
REACHES = {  # a room and the rooms that it may import
    "core": set(),
    "capture": {"core"},
    "study": {"core", "capture"},
    "measure": {"core", "capture", "study"},
    "pick": {"core", "capture", "study", "measure"},
    "publish": {"core"},
    "commands": {"core", "capture", "study", "measure", "pick", "publish"},
    "__main__": {"core", "commands"},
}
MET_IN = {  # a library and the rooms or files that may import it
    "torch": ("capture", "study", "measure", "pick"),
    "diffusers": ("capture", "study", "measure", "pick"),
    "transformers": ("capture", "study"),
    "accelerate": ("capture", "study"),
    "mitsuba": ("study.world.tracer",),
    "matplotlib": ("measure.kit.chart",),
    "mkdocs": ("publish.script", "publish.hook"),
    "mkdocs_gen_files": ("publish.script",),
    "jinja2": ("publish",),
    "selectolax": ("publish",),
    "click": ("commands", "__main__"),
}


def imports(path: Path) -> set[str]:
    """Every module, or name in one, that a file imports: "gen.core.store", "torch"."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


FILES = {
    ".".join(path.relative_to(GEN).with_suffix("").parts): imports(path)
    for path in GEN.rglob("*.py")
    if path.stem != "__init__"
}


def test_a_room_imports_only_the_rooms_before_it():
    wrong = [
        (name, module)
        for name, modules in FILES.items()
        for module in modules
        if module.startswith("gen.")
        and module.split(".")[1] not in REACHES[name.split(".")[0]] | {name.split(".")[0]}
    ]
    assert wrong == []


def test_imports_have_no_circle():
    ours = {
        name: {o for o in FILES for m in modules if f"{m}.".startswith(f"gen.{o}.")}
        for name, modules in FILES.items()
    }
    assert list(TopologicalSorter(ours).static_order())


def test_a_heavy_library_is_met_where_the_plan_says():
    wrong = [
        (name, library)
        for name, modules in FILES.items()
        for library in {module.split(".")[0] for module in modules} & set(MET_IN)
        if not f"{name}.".startswith(tuple(f"{place}." for place in MET_IN[library]))
    ]
    assert wrong == []


def test_test_files_have_one_name_each():
    """pytest imports them by it: two of one name, and the whole suite is not even collected."""
    names = Counter(path.name for path in (GEN.parent / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []
