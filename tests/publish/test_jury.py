"""The judges that a page hands to a browser: as they lie, for pictures of the size they read."""

import json
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from gen.core.canonical import digest
from gen.core.errors import BadInput
from gen.publish import files, jury, painting

ROOT = Path(__file__).parents[2]


def test_judges_ship_bit_for_bit_under_the_name_of_their_digest(built, materials):
    data = (ROOT / jury.FILE).read_bytes()
    assert materials.jury.file == f"live/judges/{digest(data)[:16]}/judging.safetensors"
    assert dict(files.painter(materials))[materials.jury.file] == data
    assert materials.jury.file in built.files


def test_a_project_without_judges_has_none(tmp_path):
    assert jury.read_jury(tmp_path) is None


@pytest.mark.parametrize("share", [0, 0.001, 0.005])
def test_judges_that_were_cut_off_are_told_with_their_place(tmp_path, share):
    whole = (ROOT / jury.FILE).read_bytes()
    (tmp_path / jury.FILE).parent.mkdir(parents=True)
    (tmp_path / jury.FILE).write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BadInput, match=r"judging\.safetensors: is no set of judges; check it out"):
        jury.read_jury(tmp_path)


def test_a_page_names_the_judges_and_what_they_weigh(draft, materials):
    painting.painter(draft, "chrome-studio")
    (block,) = draft.blocks
    assert f'data-judges="{draft.up}{materials.jury.file}"' in block
    assert f"(judges, {len(materials.jury.data) / 10**6:.1f} MB)" in block
    phrases = json.loads(unescape(block.split('data-grammar="')[1].split('"')[0]))
    assert phrases["finishes"]["brushed"]["colours"] == ["steel", "gold", "copper"]
    assert "in the snow" in phrases["worlds"]["snow"]


def test_judges_of_other_pictures_are_not_offered(draft):
    height, width = draft.materials.jury.size
    other = replace(draft.materials.jury, size=(2 * height, 2 * width))
    draft.materials = replace(draft.materials, jury=other)
    painting.painter(draft, "chrome-studio")
    assert "data-judges" not in draft.blocks[0]
    assert "(judges," not in draft.blocks[0]
