"""gen/core/refused.py: what other tools know is honoured, or refused with its reason."""

import shutil
from pathlib import Path

import pytest
import yaml

from gen.core import inputs, refused
from gen.core.errors import BadInput

SOURCES = Path(__file__).parents[1] / "tinysite" / "sources"


@pytest.fixture
def project(tmp_path):
    shutil.copytree(SOURCES, tmp_path / "sources")
    return tmp_path


def change(project: Path, **fields) -> None:
    """Other values in the model's entry; of `defaults`, beside those that stay."""
    path = project / "sources" / "models.yml"
    models = yaml.safe_load(path.read_text(encoding="utf-8"))
    fields["defaults"] = models["tiny"]["defaults"] | fields.get("defaults", {})
    models["tiny"] |= fields
    path.write_text(yaml.safe_dump(models), encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a (chrome:1.2) car", "other words in place of '(chrome:1.2)': elsewhere that is a word"),
        ("a ((shiny)) car", "other words in place of '((shiny))'"),
        ("a [[dull]] car", "other words in place of '[[dull]]'"),
        ("a car <lora:chrome:0.8>", "its words alone in place of '<lora:chrome:0.8>'"),
        ("a [red|blue] car", "one of them in place of '[red|blue]': elsewhere that is words that"),
        ("a [red:blue:0.5] car", "one of them in place of '[red:blue:0.5]'"),
        ("a {red|blue} car", "one of them in place of '{red|blue}'"),
        (
            "a (shiny) car",
            "commas in place of '(shiny)': elsewhere that is a word with",
        ),
        ("a [dull] car", "commas in place of '[dull]'"),
        ("a (chrome:1,2) car", "commas in place of '(chrome:1,2)'"),
        ("a (chrome:) car", "commas in place of '(chrome:)'"),
        (
            "a (chrome:1.2 car",
            "plain words in place of '(chrome:1.2 car': elsewhere that is a bracket",
        ),
        ("a chrome:1.2) car", "plain words in place of 'a chrome:1.2)'"),
        ("a [dull car", "plain words in place of '[dull car'"),
        (r"a \(chrome car", r"plain words in place of '\\('"),
        ("a (chrome)1.3 car", "commas in place of '(chrome)1.3'"),
        ("a chrome++ car", "other words in place of 'e++'"),
        ("a chrome-- car", "other words in place of 'e--'"),
        ("a car <lora:chrome", "plain words in place of '<lora'"),
        ("a <chrome-style> car", "its words alone in place of '<chrome-style>'"),
        ("embedding:chrome car", "its words alone in place of 'embedding:chrome'"),
        ("a __colour__ car", "one of them in place of '__colour__'"),
        (
            "a car\nNegative prompt: dull",
            "keys of their own in place of 'Negative prompt:': elsewhere that is the beginning",
        ),
        ("a car\nSteps: 20, Sampler: Euler a", "keys of their own in place of 'Steps: 20, '"),
        ("a car BREAK a road", "one sentence in place of 'BREAK'"),
        ("a {chrome} car", "other words in place of '{chrome}': elsewhere that is a word with"),
        ("a {{chrome}} car", "other words in place of '{{chrome}}'"),
        ("a {{ chrome }} car", "other words in place of '{{ chrome }}'"),
        ("a {{chrome car", "plain words in place of '{{chrome car'"),
        ("a chrome}} car", "plain words in place of 'a chrome}}'"),
        ("a 1.2::chrome:: car", "other words in place of '1.2::chrome::'"),
        ("a -1::dull, flat:: car", "other words in place of '-1::dull, flat::'"),
        ("a 1.2::chrome car", "other words in place of '1.2::'"),
        ("a chrome::2 car", "other words in place of 'chrome::2': elsewhere that is a word with"),
        ("a chrome::-.5 car", "other words in place of 'chrome::-.5'"),
        ("chrome:: car", "other words in place of 'chrome::'"),
        ("chrome ::2 car", "other words in place of '::2'"),
        ("a car, 4::3", "other words in place of '4::3'"),
        (
            "a （chrome:1.2） car",
            "other words in place of '（chrome:1.2）': elsewhere that is a word",
        ),
        ("a （chrome：１．２） car", "other words in place of '（chrome：１．２）'"),
        ("a (chrome：1.2） car", "other words in place of '(chrome：1.2）'"),
        ("a （（chrome）） car", "other words in place of '（（chrome））'"),
    ],
)
def test_syntax_of_other_tools_is_refused_by_name(text, says):
    with pytest.raises(ValueError) as error:
        refused.plain_words(text)
    assert str(error.value).startswith(says)


@pytest.mark.parametrize(
    "text",
    [
        "a car, chrome, 16:9",
        "a low-slung car -- red",
        "breakfast and band",
        "a<b",
        "<b>a</b> [a](b) [@c]",
        "a “shiny” car, it’s ‘chrome’, 4:3 at 10:30",
        "a car :: red {{ 1 }}",
        "a car（red）, 光る車：赤",
    ],
)
def test_plain_marks_stay(text):
    assert refused.plain_words(text) == text


def test_it_is_refused_where_it_stands(project):
    change(project, defaults={"negative": "(dull:1.3)"})
    says = r"^sources/models\.yml:\d+: tiny > defaults > negative: '\(dull:1\.3\)': give other"
    with pytest.raises(BadInput, match=says):
        inputs.read(project)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("loras", "a checkpoint that has it merged in"),
        ("hypernetworks", "a checkpoint that has it merged in"),
        ("embeddings", "plain words in its place"),
        ("textual_inversions", "plain words in its place"),
    ],
)
def test_additions_to_weights_are_refused_by_name(project, name, says):
    change(project, **{name: ["chrome"]})
    with pytest.raises(BadInput, match=rf"tiny > {name}: \['chrome'\]: give {says}"):
        inputs.read(project)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("HeunDiscreteScheduler", "give another scheduler, as it asks the U-Net twice a step"),
        ("LCMScheduler", "give another scheduler, as it is for distilled models"),
        ("DEISMultistepScheduler", "give another scheduler, as it is another way to what DPM-Sol"),
        ("SASolverScheduler", "give another scheduler, as it corrects a step once the next one"),
        ("IPNDMScheduler", "give another scheduler, as its noise levels are its own"),
        ("EDMEulerScheduler", "give another scheduler, as it is for models that are given noise"),
        ("EDMDPMSolverMultistepScheduler", "give another scheduler, as it is for models that are"),
        ("Euler a", "give another scheduler, as it is not known here; known are DDIMScheduler, PN"),
    ],
)
def test_another_scheduler_is_refused_with_the_reason(project, name, says):
    change(project, defaults={"scheduler": name})
    with pytest.raises(BadInput) as error:
        inputs.read(project)
    assert f"tiny > defaults > scheduler: {name!r}: {says}" in str(error.value)


def test_karras_clip_skip_and_eta_are_part_of_a_key_where_they_are_asked_for(project):
    def key(**defaults):
        change(project, defaults=defaults)
        entries = inputs.read(project)
        return entries.key(entries.ideas[0].prompts[0])

    plain = key()
    keys = {plain, key(scheduler="EulerDiscreteScheduler")}
    keys |= {key(scheduler="EulerDiscreteScheduler", karras=True)}
    keys |= {key(scheduler="EulerDiscreteScheduler", karras=False, clip_skip=2)}
    keys |= {key(scheduler="DDIMScheduler", eta=0.5), key(scheduler="DDIMScheduler", eta=1)}
    assert len(keys) == 6
    assert plain == key(scheduler="DDIMScheduler", karras=False, clip_skip=1, eta=0)
    with pytest.raises(BadInput, match="give karras: false, or one of the schedulers that have it"):
        key(scheduler="DDIMScheduler", karras=True)
    with pytest.raises(BadInput, match="eta: 0, or DDIMScheduler, which alone takes it"):
        key(scheduler="PNDMScheduler", karras=False, eta=0.5)
    with pytest.raises(BadInput, match=r"defaults > eta: .*less than or equal to 1"):
        key(scheduler="DDIMScheduler", eta=1.5)
