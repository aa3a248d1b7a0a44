"""`make publish`: what it leaves on the branch, and that one at a time does it."""

import re
import sys

import pytest
from filelock import FileLock
from maintainer import attempt, changed


def test_no_version_is_a_symbolic_link(published):
    listed = published.clone.hosted("ls-tree", "-r", "-t", "--full-tree", "gh-pages")
    modes = {line.split()[0] for line in listed.splitlines()}
    assert modes == {"040000", "100644"}


def test_a_publication_is_one_commit_that_says_what_it_is_from(published):
    log = published.clone.hosted("log", "--format=%s", "gh-pages").splitlines()
    assert len(log) == 3
    for line, version in zip(log, ["1.0.1", "1.1", "1.0"], strict=True):
        commit = published.clone.git("rev-parse", "--short", f"v{version}")
        assert line == f"Version {version} of the site, from {commit}"


def test_the_alias_and_unchanged_pages_cost_git_nothing(published):
    def tree(place):
        return published.clone.hosted("rev-parse", f"gh-pages:{place}")

    assert tree("latest") == tree("1.1")
    assert tree("1.0.1") == tree("1.0")
    assert tree("1.1/captures") == tree("1.0/captures")
    newest, middle, oldest = published.clone.hosted("log", "--format=%H", "gh-pages").split()
    first, second = size(published.clone, oldest), size(published.clone, middle, f"^{oldest}")
    # One page and the search index changed: the pictures, fonts and scripts are kept once.
    assert second < first / 10
    assert size(published.clone, newest, f"^{middle}") < 2000  # a commit, a tree, versions.json


def test_an_older_version_after_a_newer_one_does_not_become_the_latest(published):
    assert published.said["1.1"].endswith("it is latest\n")
    assert published.said["1.0.1"].endswith("it stays older than latest\n")
    listed = published.clone.hosted("show", "gh-pages:versions.json")
    assert re.findall(r'"version": "([^"]+)"', listed) == ["1.1", "1.0.1", "1.0"]
    assert listed.count("latest") == 1
    assert published.clone.hosted("rev-parse", "gh-pages:latest") == (
        published.clone.hosted("rev-parse", "gh-pages:1.1")
    )


def test_what_is_served_is_weighed_and_said(published):
    said = published.said["1.0.1"]
    ours = re.search(r"^version 1\.0\.1: (\S+) MB of at most 60$", said, re.M)
    whole = re.search(r"^all versions and latest: (\S+) MB of at most 1000$", said, re.M)
    folder = published.folder
    weights = [p.stat().st_size for p in (folder / "1.0.1").rglob("*") if p.is_file()]
    assert float(ours[1]) == round(sum(weights) / 1e6, 1)
    assert 3.5 < float(whole[1]) / float(ours[1]) < 4.5


def test_the_same_version_twice_pushes_nothing(published):
    before = published.clone.tip()
    published.clone.git("checkout", "--quiet", "--force", "v1.0.1")  # others leave it elsewhere
    mark = published.clone.folder / "site" / "mark.html"
    mark.parent.mkdir(exist_ok=True)
    mark.write_text("built before")
    said = published.clone.published("1.0.1", SITE_URL=published.address)
    assert said.endswith("stands on origin/gh-pages already, with these very pages\n")
    assert published.clone.tip() == before
    assert mark.read_text() == "built before", "a version is built apart from what make site made"


def test_a_version_that_stands_is_replaced_only_when_that_is_asked_for(published):
    before, maintainer = published.clone.tip(), published.clone
    with changed(maintainer):
        maintainer.git("tag", "--delete", "v1.0.1")
        with (maintainer.folder / "docs" / "task.md").open("a", encoding="utf-8") as page:
            page.write("\n## Once more\n")
        maintainer.commit("More")
        done = maintainer.publish("1.0.1", SITE_URL=published.address)
        assert "stands on origin/gh-pages already, with other pages; raise" in done.stderr
        assert (done.returncode, maintainer.tip()) == (2, before)
        maintainer.published("1.0.1", SITE_URL=published.address, AGAIN="1")
        assert "Once more" in maintainer.hosted("show", "gh-pages:1.0.1/task/index.html")
        assert "Once more" not in maintainer.hosted("show", "gh-pages:latest/task/index.html")
    maintainer.hosted("update-ref", "refs/heads/gh-pages", before)


def test_a_remote_that_is_not_there_stops_with_a_line(published):
    with changed(published.clone, "v1.0"):
        published.clone.git("remote", "set-url", "origin", "nowhere.git")
        done = published.clone.publish("1.0")
        published.clone.git("remote", "set-url", "origin", str(published.clone.remote))
    assert done.stderr.startswith("git ls-remote: fatal: 'nowhere.git' does not")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("message", [(), ("--annotate", "--message", "Released")])
def test_a_tag_that_the_remote_alone_has_names_this_commit_or_stops_it(published, message):
    """As in a clone without tags."""
    maintainer, before = published.clone, published.clone.tip()
    with changed(maintainer, "v1.0"):
        tagged = maintainer.git("rev-parse", "v1.0^{commit}")
        maintainer.git("tag", "--force", *message, "v1.0", tagged)
        maintainer.git("push", "--quiet", "origin", "refs/tags/v1.0")
        maintainer.git("tag", "--delete", "v1.0")
        maintainer.commit("After the tag")
        done = maintainer.publish("1.0")
        maintainer.hosted("update-ref", "-d", "refs/tags/v1.0")
    assert f"tag v1.0 at origin: names {tagged[:9]}, and this is" in done.stderr
    assert (done.returncode, maintainer.tip()) == (2, before)


def test_two_at_once_from_one_checkout_stop_with_a_line(published):
    place = published.clone.folder / ".git" / "publishing.lock"
    with changed(published.clone, "v1.0"), FileLock(place):
        done = published.clone.publish("1.0")
    assert "a version is being published from here, or from another worktree;" in done.stderr
    assert done.returncode == 2


def test_two_at_once_from_two_worktrees_stop_with_a_line(published, tmp_path):
    """The branch that a version is put together on is the repository's, not the worktree's."""
    git, other = published.clone.git, tmp_path / "worktree"
    git("worktree", "add", "--quiet", "--detach", str(other), "v1.0")
    with FileLock(published.clone.folder / ".git" / "publishing.lock"):
        done = attempt(other, sys.executable, "-m", "gen", "publish", "1.0")
    git("worktree", "remove", "--force", str(other))
    assert "a version is being published from here, or from another worktree;" in done.stderr
    assert done.returncode == 1


def test_a_symbolic_link_of_earlier_versions_becomes_a_copy(published):
    """As mike left it where nothing else was said: Pages refuses that branch."""
    maintainer, before = published.clone, published.clone.tip()
    link = maintainer.hosted("hash-object", "-w", "--stdin", input="1.1")
    listed = maintainer.hosted("ls-tree", "gh-pages").splitlines()
    others = [line for line in listed if not line.endswith("\tlatest")]
    entries = "\n".join([*others, f"120000 blob {link}\tlatest", ""])
    tree = maintainer.hosted("mktree", input=entries)
    linked = maintainer.hosted("commit-tree", tree, "-p", before, "-m", "As a link")
    maintainer.hosted("update-ref", "refs/heads/gh-pages", linked)
    with changed(maintainer, "v1.1"):
        maintainer.name("1.2")
        maintainer.published("1.2", SITE_URL=published.address)
    assert "120000" not in maintainer.hosted("ls-tree", "-r", "gh-pages")
    assert maintainer.hosted("rev-parse", "gh-pages:latest", "gh-pages:1.1").split() == (
        [maintainer.hosted("rev-parse", "gh-pages:1.2")] * 2
    )
    maintainer.hosted("update-ref", "refs/heads/gh-pages", before)


def size(clone, *commits):
    """The bytes on disk of every object that these commits reach."""
    return int(clone.hosted("rev-list", "--disk-usage", "--objects", *commits))
