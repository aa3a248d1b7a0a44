"""What `make publish` refuses, in a line and before anything is pushed."""

import dataclasses
import re

import pytest
from maintainer import ROOT, changed

from gen.core import inputs, store
from gen.core.errors import NotPublished
from gen.core.measured import measurement_key
from gen.publish.release import checks


def dirty(maintainer):
    (maintainer.folder / "docs" / "stray.md").write_text("# Stray\n")


def half_edited(maintainer):
    (maintainer.folder / "docs" / "task.md").unlink()


def unnamed(maintainer):
    maintainer.say_version("3.0")


def unreleased(maintainer):
    text = (maintainer.folder / "CHANGELOG.md").read_text("utf-8")
    (maintainer.folder / "CHANGELOG.md").write_text(
        re.sub(r"^## .*$", "## 1.0 (unreleased)", text, count=1, flags=re.M), "utf-8"
    )
    maintainer.commit("As yet unreleased")


def headed_by_nothing(maintainer):
    path = maintainer.folder / "CHANGELOG.md"
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"^## .*$", "## ", text, count=1, flags=re.M), "utf-8")
    maintainer.commit("A heading to be written")


def without_changelog(maintainer):
    (maintainer.folder / "CHANGELOG.md").unlink()
    maintainer.commit("No changelog")


def without_citation(maintainer):
    (maintainer.folder / "CITATION.cff").unlink()
    maintainer.commit("No citation")


def cited_in_quotes(maintainer):
    """As good as without; what is refused is that the tag names another commit."""
    path = maintainer.folder / "CITATION.cff"
    text = path.read_text("utf-8")
    path.write_text(text.replace("version: 1.0\n", 'version: "1.0"  # of all of it\n'), "utf-8")
    maintainer.commit("In quotes")


def hidden(maintainer):
    """git is told to name no file that it does not know."""
    maintainer.git("config", "status.showUntrackedFiles", "no")
    dirty(maintainer)


def uncited(maintainer):
    path = maintainer.folder / "CITATION.cff"
    path.write_text(path.read_text("utf-8").replace("version: 1.0\n", "version: 0.9\n"), "utf-8")
    maintainer.commit("An old citation")


def tagged_elsewhere(maintainer):
    maintainer.commit("After the tag")


def unpictured(maintainer):
    """Prose that cannot be built."""
    with (maintainer.folder / "docs" / "task.md").open("a", encoding="utf-8") as page:
        page.write('\n{{ lab("chrome-studo") }}\n')
    maintainer.git("tag", "--delete", "v1.0")
    maintainer.commit("A slip")


def misled(maintainer):
    """A link that MkDocs warns of, though it leads somewhere."""
    with (maintainer.folder / "docs" / "task.md").open("a", encoding="utf-8") as page:
        page.write("\nAll of it is [elsewhere](../models/). {{ ours() }}\n")
    maintainer.git("tag", "--delete", "v1.0")
    maintainer.commit("A link that is no file's")


def measured_before(maintainer):
    """A measurement of captures that were others."""
    record, files = store.read_measurement_whole(maintainer.folder, "captured")
    made_of = tuple((n, "0" * 16 if n == "captures" else key) for n, key in record.inputs)
    key = measurement_key("captured", made_of)
    record = dataclasses.replace(record, inputs=made_of, key=key)
    store.write_measurement(maintainer.folder, record, files)
    maintainer.git("tag", "--delete", "v1.0")
    maintainer.commit("Measured of other captures")


def reseeded(maintainer):
    """A prompt that its capture was not made of."""
    path = maintainer.folder / "sources" / "prompts.yml"
    text = path.read_text("utf-8")
    seed = re.compile(r"^  chrome-studio:\n(.*\n)*?    seed: ", re.M)
    path.write_text(seed.sub(r"\g<0>9", text, count=1), "utf-8")
    maintainer.git("tag", "--delete", "v1.0")
    maintainer.commit("Another seed")


BUILDS = (unpictured, misled)  # what comes to light in the build, which says so first
REFUSED = [
    (dirty, "1.0", "docs/stray.md: not as committed; commit or remove it"),
    (hidden, "1.0", "docs/stray.md: not as committed; commit or remove it"),
    (half_edited, "1.0", "docs/task.md: not as committed; commit or remove it"),
    (unnamed, "1.0", "version 1.0: pyproject.toml says 3.0; let both be the same"),
    (None, "0.9", "version 0.9: pyproject.toml says 1.0; let both be the same"),
    (None, "v1.0", "version v1.0: pyproject.toml says 1.0; let both be the same"),
    (None, "", "version: none is named; say which: make publish VERSION=1.0"),
    (unreleased, "1.0", "CHANGELOG.md: is headed by '1.0 (unreleased)'; let its first heading be"),
    (headed_by_nothing, "1.0", "CHANGELOG.md: is headed by 'nothing'; let its first heading be"),
    (without_changelog, "1.0", "CHANGELOG.md: cannot be read (No such file or directory);"),
    (without_citation, "1.0", "CITATION.cff: cannot be read (No such file or directory);"),
    (cited_in_quotes, "1.0", "tag v1.0: names "),
    (uncited, "1.0", "CITATION.cff: names another version; let its line be 'version: 1.0'"),
    (tagged_elsewhere, "1.0", "tag v1.0: names "),
    (
        measured_before,
        "1.0",
        "captured: measured of other captures or weights; run python -m gen",
    ),
    (reseeded, "1.0", "chrome-studio: stale; run python -m gen capture, commit"),
    (unpictured, "1.0", "mike deploy: stopped as said above; nothing was pushed"),
    (misled, "1.0", "mike deploy: stopped as said above; nothing was pushed"),
]


@pytest.mark.parametrize(("prepare", "version", "says"), REFUSED)
def test_what_must_not_be_published_stops_with_a_line_and_pushes_nothing(
    published, prepare, version, says
):
    maintainer, before = published.clone, published.clone.tip()
    with changed(maintainer, "v1.0"):
        if prepare:
            prepare(maintainer)
        done = maintainer.publish(version)
    assert done.returncode == 2  # make's, for a command that fails
    ours = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert ours[-1].startswith(says), done.stderr
    assert prepare in BUILDS or len(ours) == 1
    assert done.stdout == ""
    assert maintainer.tip() == before
    assert "gh-pages" not in maintainer.git("branch", "--list")


@pytest.mark.parametrize("text", ["", "[project]\n", "project = 1\n", "[project\n"])
def test_a_project_file_that_tells_no_version_stops_with_a_line(tmp_path, text):
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(NotPublished, match=r"^pyproject\.toml: tells no version \(.*; let"):
        checks.ready(tmp_path, inputs.read(ROOT), "1.0", "origin")
