"""A record that is sealed and does not agree with itself: whoever writes one can seal it."""

import json
from dataclasses import replace

import pytest
from stored import FILES, KEY, MODEL, PROMPT, capture, part

from gen.core import sound, store
from gen.core.canonical import digest, written
from gen.core.errors import BrokenRecord
from gen.core.measured import Measurement, Reference, Row
from gen.core.records import Curve, LatentColours, Step, Token, View

NOISY, CLEAN = capture().views
PARTS = capture().parts
UNET = part("unet")


def parts(unet):
    return tuple(unet if p.name == "unet" else p for p in PARTS)


CAPTURES = [
    ({"prompt": replace(PROMPT, text="another")}, "another key than its prompt"),
    ({"prompt": replace(PROMPT, model="other")}, "another key than its prompt"),
    ({"model": replace(MODEL, revision=None)}, "another key than its prompt"),
    ({"key": "f" * 16}, "another key than its prompt"),
    ({"scaling_factor": -1.0}, "a scale or a schedule that no model has"),
    ({"training_timesteps": 0}, "a scale or a schedule that no model has"),
    ({"final": "../../../README.md"}, "other files than its pictures"),
    ({"final": "clean.webp"}, "other files than its pictures"),
    ({"digests": ()}, "other files than its pictures"),
    ({"digests": (*capture().digests, ("../x.png", "0" * 64))}, "other files than its pictures"),
    ({"digests": (*capture().digests, capture().digests[0])}, "file 'final.png' twice"),
    ({"views": ()}, "other files than its pictures"),
    ({"steps": ()}, "other steps than the 1 of its prompt"),
    ({"steps": (Step(1, 1.0, 0.04),)}, "other steps than the 1 of its prompt"),
    ({"steps": (Step(0, 1001.0, 0.04),)}, "a step outside its schedule"),
    ({"steps": (Step(0, 1.0, -0.1),)}, "a step outside its schedule"),
    ({"steps": (Step(0, float("nan"), 0.04),)}, "holds nan, which is no number"),
    ({"parts": ()}, "no part tokenizer"),
    ({"parts": (*PARTS, part("vae"))}, "part 'vae' twice"),
    ({"parts": (*PARTS, part("a", parent="a"))}, "part a that is inside none before it"),
    ({"parts": (*PARTS, part("a", parent="vae"))}, "part a that is inside none before it"),
    ({"parts": (*PARTS, part("late"))}, "share more than all operations"),
    ({"parts": parts(replace(UNET, takes=()))}, "part unet that takes or gives nothing"),
    ({"parts": parts(replace(UNET, gives=((),)))}, "part unet that takes or gives nothing"),
    ({"parts": parts(replace(UNET, takes=((1, 4),)))}, "part unet that takes no latents"),
    ({"parts": parts(replace(UNET, takes=((1, 4, 0, 2),)))}, "part unet whose shapes cannot be"),
    ({"parts": parts(replace(UNET, parameters=-1))}, "part unet whose parameters, runs or share"),
    ({"parts": parts(replace(UNET, flops_share=5.0))}, "part unet whose parameters, runs or share"),
    ({"tokens": ()}, "no tokens, or two in one place"),
    ({"tokens": (Token("a", "a", 1),) * 2}, "no tokens, or two in one place"),
    ({"views": (NOISY, replace(CLEAN, kind="evil"))}, "no clean view"),
    ({"views": (NOISY, replace(CLEAN, word="car"))}, "of an unknown kind 'clean'"),
    ({"views": (NOISY, replace(CLEAN, frames=9))}, "of 9 frames for 1 steps"),
    ({"views": (replace(NOISY, frames=1), CLEAN)}, "of 1 frames for 1 steps"),
    ({"views": (NOISY, replace(CLEAN, frame_size=(-1, 8)))}, "whose frames have no size"),
    ({"views": (NOISY, replace(CLEAN, scale=(1.0, 0.0)))}, "whose scale or sheet cannot be"),
    ({"curves": ()}, "no curve distance"),
    ({"curves": (Curve("distance", "", (0.2,)), Curve("guidance", "", (0.2,)))}, "such a run has"),
    ({"curves": (Curve("distance", "", (0.2,)), Curve("more", "", (0.2,)))}, "a curve 'more' that"),
    ({"curves": (Curve("distance", "", ()),)}, "curve 'distance' that is not of 1 steps"),
    ({"curves": (Curve("distance", "", (-1.0,)),)}, "curve 'distance' that is not of 1 steps"),
    ({"curves": (Curve("distance", "", (float("inf"),)),)}, "holds inf, which is no number"),
]


def seal(name: str, content: bytes) -> bytes:
    """A record's file as whoever damaged it on purpose would write it."""
    return b'{"%b":%b,"sha256":"%b"}\n' % (name.encode(), content, digest(content).encode())


@pytest.mark.parametrize(("changes", "says"), CAPTURES)
def test_a_capture_that_does_not_agree_with_itself(tmp_path, changes, says):
    folder = store.folder(tmp_path, KEY)
    folder.mkdir(parents=True)
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    fields = json.dumps(_fields(capture(**changes))).encode()  # NaN as Python's JSON has it
    (folder / "capture.json").write_bytes(seal("capture", fields))
    with pytest.raises(BrokenRecord) as broken:
        store.read(tmp_path, KEY)
    (line,) = str(broken.value).splitlines()
    assert line.startswith(f"docs/captures/{KEY}/capture.json ") and says in line
    assert line.endswith("; run python -m gen capture")


def _fields(record):
    return json.loads(json.dumps(written(record)))


def test_a_guided_capture_has_a_curve_of_its_guidance():
    guided = replace(PROMPT, guidance_scale=7.5)
    faults = list(sound.capture(capture(prompt=guided, key=guided.pinned_key(MODEL))))
    assert faults == ["has no curve guidance"]


def test_keys_that_no_record_has_are_found_wherever_they_stand(tmp_path):
    for path in ((), ("prompt",), ("steps", 0)):
        fields = json.loads(json.dumps(_fields(capture())))
        place = fields
        for step in path:
            place = place[step]
        place["more"] = 1
        folder = store.folder(tmp_path, KEY)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "capture.json").write_bytes(seal("capture", json.dumps(fields).encode()))
        with pytest.raises(BrokenRecord, match="holds keys that no record of this version has"):
            store.read(tmp_path, KEY)


ROW = Row("share", "", "cars", "generated", 42.0, 40.0, 44.0, 100, "%")
MEASURED = Measurement("told", "k", "Is it?", "Counted.", "", (), (ROW,), (("told.svg", "0" * 64),))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rows": (replace(ROW, low=None),)}, "a row 'share' with a part of an interval"),
        ({"rows": (replace(ROW, value=None),)}, "a row 'share' with a part of an interval"),
        ({"rows": (replace(ROW, low=99.0),)}, "a row 'share' whose interval or number cannot be"),
        ({"rows": (replace(ROW, n=-1),)}, "a row 'share' whose interval or number cannot be"),
        ({"rows": (ROW, ROW)}, "a row 'share' twice"),
        ({"inputs": (("a", "b"), ("a", "c"))}, "an input 'a' twice"),
        ({"digests": (("../told.svg", "0"),)}, "names '../told.svg', which is no file of such"),
        ({"digests": (("index.svg", "0"),)}, "names 'index.svg', which is not its own"),
        ({"digests": (("told.html", "0"),)}, "names 'told.html', which is no file of such"),
    ],
)
def test_a_measurement_that_does_not_agree_with_itself(changes, says):
    faults = [fault.replace("a input", "an input") for fault in sound.measurement(_told(changes))]
    assert any(says in fault for fault in faults)


def _told(changes):
    return replace(MEASURED, **changes)


def test_a_measurement_without_intervals_or_without_a_figure_is_sound():
    bare, none = replace(ROW, name="b", low=None, high=None), replace(ROW, name="c", value=None)
    rows = (ROW, bare, replace(none, low=None, high=None))
    assert list(sound.measurement(_told({"rows": rows}))) == []


@pytest.mark.parametrize("changes", [{"width": 0}, {"height": 99_999}, {"samples": 0}])
def test_a_reference_of_no_size_is_not_sound(changes):
    seen = {"id": "red", "key": "k", "prompt": "a red car", "seed": 5, "scene": ()}
    size = {"width": 8, "height": 8, "samples": 4, "digests": (("red.webp", "0"),)}
    assert list(sound.reference(Reference(**seen, **size))) == []
    assert len(list(sound.reference(Reference(**seen, **size | changes)))) == 1


@pytest.mark.parametrize("changes", [{"matrix": ((0.5,),) * 2}, {"bias": ()}, {"rmse": -1.0}])
def test_colours_that_are_no_map_are_not_sound(changes):
    colours = LatentColours("k", ((0.5,) * 4,) * 3, (0.1,) * 3, 0.01, 48)
    assert list(sound.colours(colours)) == []
    assert len(list(sound.colours(replace(colours, **changes)))) == 1


def test_the_views_of_a_capture_are_of_known_kinds():
    word = View("attention", "car", "attention-0.webp", 1, (2, 1))
    names = (*capture().digests, ("attention-0.webp", "0"))
    assert list(sound.capture(capture(views=(NOISY, CLEAN, word), digests=names))) == []
