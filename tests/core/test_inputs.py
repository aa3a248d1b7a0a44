"""sources/*.yml: what is refused, and with which line."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from gen.core import inputs
from gen.core.errors import BadInput

ROOT = Path(__file__).parents[2]
SOURCES = Path(__file__).parents[1] / "tinysite" / "sources"


@pytest.fixture
def project(tmp_path):
    shutil.copytree(SOURCES, tmp_path / "sources")
    return tmp_path


def edit(project, name, old, new):
    path = project / "sources" / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_real_sources_are_sound():
    entries = inputs.read(ROOT)
    assert len(entries.sources) == 4
    assert sum(len(source.facts) for source in entries.sources) >= 45
    assert len(entries.ideas) >= 12
    varied = {"text", "guidance_scale", "seed", "steps", "scheduler", "eta"}
    assert {c.varies for c in entries.comparisons} == varied
    assert [m.id for m in entries.models if m.required] == ["study"]
    sd15 = [p for p in entries.prompts if p.model == "sd15" and p.id == p.idea]
    assert sd15
    for prompt in sd15:
        assert (prompt.width, prompt.height, prompt.steps) == (512, 512, 50)
        assert (prompt.scheduler, prompt.guidance_scale) == ("DDIMScheduler", 7.5)


def test_in_a_comparison_one_field_differs():
    for comparison in inputs.read(ROOT).comparisons:
        for model in {prompt.model for prompt in comparison.prompts}:
            runs = [vars(p) for p in comparison.prompts if p.model == model]
            differ = {name for name in runs[0] if len({run[name] for run in runs}) > 1}
            assert differ == {"id", comparison.varies}


def test_a_comparison_shares_the_capture_of_an_equal_prompt():
    entries = inputs.read(SOURCES.parent)
    by_id = {prompt.id: prompt for prompt in entries.prompts if prompt.model == "tiny"}
    pinned = entries.model("tiny")
    assert by_id["red"].key(pinned) == by_id["guidance-2"].key(pinned)
    assert by_id["red"].key(pinned) != by_id["guidance-1"].key(pinned)


BAD = [
    (
        "models",
        "steps: 3",
        "steps: 0",
        "tiny > defaults > steps: 0: give greater than or equal to 1",
    ),
    ("models", "steps: 3", "steps: 1000", "1000: give less than or equal to 999"),
    ("models", "steps: 2", "steps: 1000", "latent_map > steps: 1000: give less than or equal to"),
    ("models", "steps: 3", 'steps: "3"', "give a whole number"),
    (
        "models",
        "guidance_scale: 4.0",
        "guidance_scale: -1.0",
        "-1.0: give greater than or equal to 0",
    ),
    ("models", "guidance_scale: 4.0", "guidance_scale: .nan", "nan: give a finite number"),
    ("models", "guidance_scale: 4.0", "guidance_scale: .inf", "inf: give a finite number"),
    ("models", "width: 64", "width: 65", "65: give a multiple of 8"),
    ("models", "scheduler: DDIMScheduler", "scheduler: DIMScheduler", "'DIMScheduler': give"),
    ("models", "title: Tiny model", "titel: Tiny model", "titel: unknown key"),
    ("models", "revision: 0000", "revision: zzzz", "revision: 'zzzz"),
    ("models", "{folder: sources/models/tiny}", "{url: x}", "url"),
    ("prompts", "  red:\n", "  a/b:\n", "an id has a-z"),
    ("prompts", "  red:\n", "  ..:\n", "an id has a-z"),
    ("prompts", "    seed: 3\n", "", "ideas > red > seed: is missing; add it"),
    ("prompts", "    seed: 3\n", "    seed: 3\n    seen: x\n", "red: has one of seen and seen_in"),
    ("prompts", "    seed: 3\n", "    seed: 3\n    seen_in: zz\n", "red > seen_in: 'zz'"),
    ("prompts", "seed: 3", "seed: -3", "red > tiny > seed: -3: give greater than or equal to 0"),
    (
        "prompts",
        "tiny: a red car",
        "tinny: a red car",
        "no model tinny in models.yml; did you mean tiny?",
    ),
    ("prompts", "  hostile:", "  red:", "'red' is given twice"),
    (
        "prompts",
        "    look: Compare.\n",
        "    look: Compare.\n    seen: x\n",
        "comparisons > guidance: has one of seen and seen_in",
    ),
    ("prompts", "idea: red", "idea: rad", "no idea rad; did you mean red?"),
    ("prompts", "[1.0, 4.0]", "[4.0, 4.0]", "a value stands twice"),
    ("prompts", "[1.0, 4.0]", "[1.0, -4.0]", "guidance > values > tiny > 2 > guidance_scale: -4.0"),
    ("prompts", "  hostile:", "  guidance-1:", "guidance-1 names two prompts"),
    ("prompts", "ideas:", "ideas: [", "not YAML"),
    (
        "prompts",
        "{tiny: [1.0, 4.0], sd15: [1.0, 4.0]}",
        "{}",
        "comparisons > guidance > values: {}: give at least 1",
    ),
    ("prompts", "  hostile:", "  index:", "ideas > index: is the page of all; rename it"),
    ("prompts", "  guidance:", "  index:", "comparisons > index: is the page of all; rename it"),
    (
        "prompts",
        "title: A red",
        "title: A \u202e red",
        "without the invisible letter U+202E",
    ),
    ("prompts", "tiny: a red", "tiny: a\u200b red", "without the invisible letter U+200B"),
    ("models", "required: true", "required: false", "no model is required; set required: true"),
    ("question", "asks:", "asks: [a, b]\nx:", "asks: ['a', 'b']: give at least 3 items"),
    ("question", "papers: [acp", "papers: [apc", "no source apc; did you mean acp?"),
    ("sources", "sentence: 6", "page: 6", "page: unknown key"),
    ("sources", "      sentence: 6\n", "", "composite-score: has no locator"),
    ("sources", "      lines: 6\n", "", "task: has no locator; give lines and sha256"),
    ("sources", "      sha256: bd5", "      # bd5", "task: has no locator; give lines and sha256"),
    ("sources", "sentence: 6", "sentence: 0", "sentence: 0"),
    (
        "sources",
        "lines: 6",
        "lines: a6",
        "task > lines: 'a6': give a whole number or the first and the last, as \"12-15\"",
    ),
    ("sources", "lines: 6", 'lines: "9-7"', "task: lines 9-7 end before they begin; write the"),
    (
        "sources",
        "      lines: 6\n",
        "      lines: 6\n      also: [README.md#L12-L9]\n",
        "task > also: lines 12-9 end before they begin; write the first one first",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "says"), BAD)
def test_bad_input_is_one_clear_line(project, name, old, new, says):
    edit(project, name, old, new)
    with pytest.raises(BadInput) as caught:
        inputs.read(project)
    message = str(caught.value)
    assert says in message
    assert all(re.match(rf"sources/{name}\.yml(:\d+)?: ", line) for line in message.splitlines())


def test_what_a_comparison_has_for_its_second_model_alone_has_an_id_of_its_own_too(project):
    edit(project, "prompts", "sd15: [1.0, 4.0]", "sd15: [1.0, 4.0, 7.0]")
    assert "guidance-3" in {prompt.id for prompt in inputs.read(project).prompts}
    edit(project, "prompts", "  hostile:", "  guidance-3:")
    with pytest.raises(BadInput, match="guidance-3 names two prompts; rename the idea or compari"):
        inputs.read(project)


def test_every_error_of_a_file_is_told_at_once(project):
    edit(project, "models", "steps: 3", "steps: 0")
    edit(project, "models", "width: 64", "width: 63")
    with pytest.raises(BadInput) as caught:
        inputs.read(project)
    assert len(str(caught.value).splitlines()) == 2


def test_a_file_that_is_not_there(project):
    (project / "sources" / "prompts.yml").unlink()
    with pytest.raises(BadInput, match=r"sources/prompts.yml: cannot be read"):
        inputs.read(project)


def test_a_shape_is_known_by_its_digest_and_an_unknown_one_is_refused(project):
    models = yaml.safe_load((project / "sources/models.yml").read_text())
    models["other"] |= {"where": {"file": "sd15"}, "revision": "0" * 64}
    (project / "sources/models.yml").write_text(yaml.safe_dump(models))
    with pytest.raises(BadInput, match="other: no shape sd15 in sources/shapes; known are"):
        inputs.read(project)
    shutil.copytree(ROOT / "sources/shapes", project / "sources/shapes")
    before = inputs.read(project).model("other").shape
    (project / "sources/shapes/sd15/tokenizer/.DS_Store").write_bytes(b"\0")
    assert inputs.read(project).model("other").shape == before
    config = project / "sources/shapes/sd15/scheduler/scheduler_config.json"
    config.write_text(config.read_text().replace("0.012", "0.02"))
    assert inputs.read(project).model("other").shape.revision != before.revision


@pytest.mark.parametrize("field", ["shape", "where"])
@pytest.mark.parametrize("name", ["a" * 5000, "b" * 300])
def test_a_shape_of_a_name_that_no_system_takes_is_refused_in_a_line(project, field, name):
    models = yaml.safe_load((project / "sources/models.yml").read_text())
    models["other"][field] = name if field == "shape" else {"file": name}
    (project / "sources/models.yml").write_text(yaml.safe_dump(models))
    with pytest.raises(BadInput, match=r"^sources/models.yml:\d+: other: no shape (a|b){80}… in"):
        inputs.read(project)
