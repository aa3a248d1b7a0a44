"""Words that people type are added to the search's index, where the heading that answers is."""

import json

import pytest

from gen.core.errors import BadInput
from gen.publish import synonyms

ENTRIES = [
    {"location": "a/", "title": "A", "text": "<p>one</p>"},
    {"location": "a/#b", "title": "B", "text": ""},
]
INDEX = json.dumps({"config": {"lang": ["en"]}, "docs": ENTRIES})


def test_synonyms_stand_hidden_behind_the_text_of_their_heading():
    added = json.loads(synonyms.added(INDEX, {"a/#b": ("c & d", "e")}))
    assert added["docs"] == [ENTRIES[0], {**ENTRIES[1], "text": "<p hidden>c &amp; d, e</p>"}]
    assert added["config"] == {"lang": ["en"]}


def test_a_word_that_is_to_lead_there_first_is_a_tag_of_its_heading_and_none_of_its_text():
    added = json.loads(synonyms.added(INDEX, {"a/": ("c!",), "a/#b": ("d", "e!", "f!")}))
    assert added["docs"] == [
        {**ENTRIES[0], "tags": ["c"]},
        {**ENTRIES[1], "text": "<p hidden>d</p>", "tags": ["e", "f"]},
    ]


def test_no_gap_is_left_where_a_mark_stood_before_a_sign():
    text = "<p>a figure\u00a0. And a term , told ; at .5 it is</p>"
    index = json.dumps({"docs": [{"location": "a/", "title": "A", "text": text}]})
    (entry,) = json.loads(synonyms.added(index, {}))["docs"]
    assert entry["text"] == "<p>a figure. And a term, told; at .5 it is</p>"


def test_an_address_without_a_heading_is_refused_with_the_nearest():
    says = r"sources/synonyms.yml: a/#c: no heading has it; did you mean a/#b\?"
    with pytest.raises(BadInput, match=says):
        synonyms.added(INDEX, {"a/#c": ("d",)})


def test_a_project_may_have_none_and_what_is_no_list_of_words_is_refused(tmp_path):
    assert synonyms.read(tmp_path) == {}
    (tmp_path / "sources").mkdir()
    (tmp_path / synonyms.PLACE).write_text("a/: word\n")
    with pytest.raises(BadInput, match=r"synonyms\.yml:1: a/: 'word': give"):
        synonyms.read(tmp_path)
    (tmp_path / synonyms.PLACE).write_text("a/: [word, two words]\n")
    assert synonyms.read(tmp_path) == {"a/": ("word", "two words")}
