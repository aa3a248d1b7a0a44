"""Pictures that were painted before: of this very model or none, whole in the page, and shipped."""

import shutil
from dataclasses import replace
from hashlib import sha256

import painted
import pytest
from selectolax.lexbor import LexborHTMLParser

from gen.core import store
from gen.core.errors import BrokenRecord
from gen.publish import before, painting


@pytest.fixture
def model(materials):
    return materials.inputs.model("study")


def keep(root, revision):
    """The few finals as a command would keep them."""
    bare = painted.finals(revision)
    files = {each.file: painted.picture() for each in bare.painted}
    digests = tuple((name, sha256(data).hexdigest()) for name, data in files.items())
    store.finals.write(root, "study", replace(bare, digests=digests), files)


def test_the_pictures_of_the_pinned_model_are_read_and_those_of_another_left_out(tmp_path, model):
    assert before.read(tmp_path, model) is None
    keep(tmp_path, model.revision)
    assert [each.seed for each in before.read(tmp_path, model).painted] == [1, 2, 1]
    assert before.read(tmp_path, replace(model, revision="1" * 64)) is None


def test_a_record_that_lost_a_picture_stops_the_build(tmp_path, model):
    keep(tmp_path, model.revision)
    next((tmp_path / store.FINALS / "study").glob("*.webp")).unlink()
    with pytest.raises(BrokenRecord, match="run python -m gen study finals"):
        before.read(tmp_path, model)


def test_a_record_must_name_its_own_pictures(tmp_path, model):
    keep(tmp_path, model.revision)
    there = store.finals.read(tmp_path, "study")
    files = {name: painted.picture() for name, _ in there.digests}
    store.finals.write(tmp_path, "study", replace(there, painted=there.painted[:2]), files)
    with pytest.raises(BrokenRecord, match="names other files than its pictures"):
        store.finals.read(tmp_path, "study")
    shutil.rmtree(tmp_path / store.FINALS)


def test_a_painter_lists_every_picture_with_its_words_and_marks_what_was_never_seen(draft, model):
    draft.materials = replace(draft.materials, finals=painted.finals(model.revision))
    painting.painter(draft, "chrome-studio")
    page = LexborHTMLParser(draft.blocks[-1])
    links = page.css("paint-lab .painted-list a")
    assert [link.text() for link in links] == [
        f"{painted.CHROME}, seed 1",
        f"{painted.CHROME}, seed 2",
        f"{painted.RED}, seed 1",
    ]
    assert links[0].attributes["href"] == "../../finals/study/chrome-car-1.webp"
    shown = page.css_first("painted-before [data-out=read]")
    assert shown.text() == "a · chrome · car · in · a · studio · , · side · view"
    assert not page.css("[data-read]"), "the script splits these as the model does"
    assert ["data-unseen" in link.attributes for link in links] == [False, False, True]
    assert page.css_first("paint-lab painted-before figure img") is not None
    assert draft.elements == {"painter", "painted"}


def test_words_that_the_model_splits_otherwise_say_how(draft, model):
    few = painted.finals(model.revision)
    odd = replace(few.painted[1], tokens=("a", "chro", "me", "car"))
    finals = replace(few, painted=(few.painted[0], odd))
    draft.materials = replace(draft.materials, finals=finals)
    painting.painter(draft, "chrome-studio")
    links = LexborHTMLParser(draft.blocks[-1]).css(".painted-list a")
    assert [a.attributes.get("data-read") for a in links] == [None, "a · chro · me · car"]


def test_a_painter_without_them_is_as_it_was(draft):
    draft.materials = replace(draft.materials, finals=None)
    painting.painter(draft, "chrome-studio")
    assert "painted-before" not in draft.blocks[-1] and draft.elements == {"painter"}
