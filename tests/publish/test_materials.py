"""What pages are made from is read once, and what no longer belongs to it is left out."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gen.core import store
from gen.core.errors import BadInput, MissingRecord
from gen.publish import materials as reading

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path) -> Path:
    """The sources and references of this repository, without a capture."""
    for folder in ("sources", "docs/references"):
        shutil.copytree(
            ROOT / folder,
            tmp_path / folder,
            ignore=shutil.ignore_patterns("models", "*.safetensors"),
        )
    return tmp_path


def test_a_reference_of_other_words_is_not_shown_beside_the_new_ones(project):
    (id, *others) = store.references(project)
    assert set(reading.read(project).references) == {id, *others}
    reference = store.read_reference(project, id)
    files = {name: store.pictured.file(project, id, name) for name, _ in reference.digests}
    store.write_reference(project, replace(reference, prompt="other words"), files)
    assert set(reading.read(project).references) == set(others)


def test_each_picture_is_read_once(project, materials, monkeypatch):
    key = next(iter(materials.captures))
    shutil.copytree(ROOT / "docs/captures" / key, project / "docs/captures" / key)
    opened = []
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: opened.append(path) or real(path))
    files = reading.read(project).files
    assert set(files) == {key}
    assert sorted(path.name for path in opened if key in path.parts) == sorted(
        [*files[key], "capture.json", "made.json"]
    )


@pytest.mark.parametrize(
    "data", [None, b"{}", b"[]", b"3", b"\xff", b'{"when": 3, "versions": []}']
)
def test_what_is_not_known_of_a_machine_is_said(project, materials, data):
    key = next(iter(materials.captures))
    shutil.copytree(ROOT / "docs/captures" / key, project / "docs/captures" / key)
    made = project / "docs/captures" / key / "made.json"
    made.unlink()
    if data is not None:
        made.write_bytes(data)
    assert reading.read(project).machines == {key: "not known"}


def test_a_model_is_called_what_it_is_called_now(project, materials):
    for key in materials.captures:
        shutil.copytree(ROOT / "docs/captures" / key, project / "docs/captures" / key)
    models = project / "sources" / "models.yml"
    title = materials.inputs.model("study").title
    models.write_text(models.read_text("utf-8").replace(f"title: {title}", "title: Newly named"))
    renamed = reading.read(project)
    assert {c.model.title for c in renamed.captures.values()} == {"Newly named"}
    assert renamed.apart == materials.apart


def test_how_far_runs_lie_apart_is_there_for_every_pair_of_a_comparison(materials):
    for comparison in materials.inputs.comparisons:
        keys = [materials.keys[p] for p in comparison.prompts if materials.required(p)]
        for at, one in enumerate(keys):
            for other in keys[at + 1 :]:
                assert 0 < materials.apart[one, other] < 1


def test_a_capture_that_the_site_must_have_is_missed_with_its_command(materials):
    prompt = next(prompt for prompt in materials.inputs.prompts if materials.required(prompt))
    empty = replace(materials, captures={})
    with pytest.raises(MissingRecord, match=f"{prompt.id}: no capture .*; run python -m gen"):
        empty.capture(prompt)
    assert replace(empty, preview=True).capture(prompt) is None
    optional = next(p for p in materials.inputs.prompts if not materials.required(p))
    assert empty.capture(optional) is None


def test_a_prompt_is_the_required_model_s_unless_another_is_named(materials):
    assert materials.required(materials.prompt("x.md", "chrome-studio"))
    assert materials.prompt("x.md", "chrome-studio", "sd15").model == "sd15"
    with pytest.raises(
        BadInput, match=r"^x\.md: no prompt chrom-studio for the required model; did"
    ):
        materials.prompt("x.md", "chrom-studio")
    with pytest.raises(BadInput, match=r"^x\.md: no model sd51; did you mean sd15\?"):
        materials.prompt("x.md", "chrome-studio", "sd51")


def test_the_picture_of_an_idea_is_the_required_model_s_and_ids_name_all_others(materials):
    for idea in materials.inputs.ideas:
        assert materials.required(materials.face(idea))
        names = [materials.name(prompt) for prompt in idea.prompts]
        assert names == [
            p.id + ("" if materials.required(p) else f"-{p.model}") for p in idea.prompts
        ]


def test_prose_about_a_measurement_waits_until_that_is_made(project):
    docs, made = project / "docs", next(iter(store.measured(ROOT)))
    shutil.copytree(ROOT / "docs/measurements", docs / "measurements")
    (docs / "measurements/untried.md").write_text("# Not yet", "utf-8")
    (docs / "elsewhere.md").write_text("# Of something else", "utf-8")
    (docs / ".#elsewhere.md").symlink_to("me@host.1:2")  # an editor's, while it is open there
    (docs / ".drafts").mkdir()
    (docs / ".drafts" / "later.md").write_text("# Later", "utf-8")
    prose = reading.read(project).prose
    assert not [path for path in prose if path.startswith(".")]
    assert {f"measurements/{made}.md", "measurements/index.md", "elsewhere.md"} <= set(prose)
    assert "measurements/untried.md" not in prose
