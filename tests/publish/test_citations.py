"""Facts against a repository made on the spot."""

import dataclasses
import re
import subprocess

import pytest
import yaml

from gen.core.canonical import digest
from gen.core.errors import BadInput, FactMismatch, NoGit
from gen.core.sources import Fact, Lines, Source
from gen.publish import citations, evidence

CITED = ["two = 2", "three = 3"]


@pytest.fixture
def clone(tmp_path):
    """A repository whose pinned commit is not what is checked out."""

    def git(*words):
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C", tmp_path]
        return subprocess.run([*command, *words], check=True, capture_output=True, text=True).stdout

    git("init", "-q")
    (tmp_path / "a.py").write_text("one = 1\ntwo = 2\nthree = 3\n")
    git("add", "."), git("commit", "-qm", "first")
    revision = git("rev-parse", "HEAD").strip()
    (tmp_path / "a.py").write_text("changed\n")
    git("commit", "-qam", "second")
    lines = Lines("a.py", 2, 3)
    fact = Fact("f", "t", "a.py", "three", lines, digest("\n".join(CITED).encode()))
    return tmp_path, Source("sd", "github", "t", "u", revision, "a", (fact,))


def changed(source, **fields):
    fact = dataclasses.replace(source.facts[0], **fields)
    return dataclasses.replace(source, facts=(fact,))


def test_facts_are_read_at_the_pinned_commit(clone):
    path, source = clone
    assert citations.check_clone(source, path) == 1


def test_without_git_the_clone_is_not_blamed(clone, tmp_path, monkeypatch):
    path, source = clone
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoGit, match=r"^git: is not found on PATH; install git"):
        citations.check_clone(source, path)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"says": "four"}, "no line there says 'four'"),
        ({"says": "2\nthree"}, "no line there says"),
        ({"lines_sha256": "0" * 64}, "the lines have sha256"),
        ({"lines": Lines("a.py", 2, 9)}, "ends before line 9"),
        ({"lines": Lines("b.py", 2, 3)}, "b.py is not in the repository"),
        ({"also": (Lines("a.py", 9, 9),)}, "ends before line 9"),
    ],
)
def test_a_fact_that_is_not_there_is_told(clone, fields, says):
    path, source = clone
    with pytest.raises(FactMismatch, match=says):
        citations.check_clone(changed(source, **fields), path)


def test_a_clone_without_the_commit(clone):
    path, source = clone
    with pytest.raises(BadInput, match="has no commit"):
        citations.check_clone(dataclasses.replace(source, revision="0" * 40), path)


def test_a_new_fact_is_printed_as_the_sources_hold_it_and_stands_there(clone):
    path, source = clone
    written = citations.entry(source, path, Lines("a.py", 2, 3), "three = 3")
    fields = yaml.safe_load(written)["NAME"]
    assert (fields["place"], fields["lines"], fields["says"]) == ("a.py", "2-3", "three = 3")
    told = changed(source, says=fields["says"], lines_sha256=fields["sha256"])
    assert citations.check_clone(told, path) == 1
    single = citations.entry(source, path, Lines("a.py", 1, 1), "one")
    assert yaml.safe_load(single)["NAME"]["lines"] == 1


@pytest.mark.parametrize(
    ("lines", "says", "problem"),
    [
        (Lines("b.py", 1, 1), "one", "has no b.py at"),
        (Lines("a.py", 2, 9), "two", "ends before line 9"),
        (Lines("a.py", 2, 3), "one = 1", "no one of these lines holds 'one = 1'"),
    ],
)
def test_no_entry_is_made_up(clone, lines, says, problem):
    path, source = clone
    with pytest.raises(BadInput, match=problem):
        citations.entry(source, path, lines, says)


def test_a_sentence_of_an_abstract_that_is_not_the_linked_versions_says_so(materials, draft):
    paper = next(source for source in materials.inputs.sources if source.id == "refl")
    for fact in paper.facts:
        assert fact.read_in, f"{fact.id}: the linked version, {paper.revision}, was not read"
        cited = evidence.cite(draft, f"@refl:{fact.id}")
        assert re.search(r"REFL, (v3|proceedings), ", cited), cited
