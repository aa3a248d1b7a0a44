"""The branch of a host: which version is the latest, what it weighs, what may not stand there."""

import json
import subprocess

import pytest
from maintainer import ROOT

from gen.core.errors import NoGit, NotPublished
from gen.publish.release import branch
from gen.publish.release.branch import MEGABYTE, Branch, is_newest, removal
from gen.publish.release.git import Git
from gen.publish.release.publish import site_address

NEWEST = [
    ("1.0", [], True),
    ("1.1", ["1.0"], True),
    ("1.10", ["1.9"], True),
    ("1.0.1", ["1.1", "1.0"], False),
    ("1.1", ["1.1", "1.0"], True),
    ("2.0rc1", ["1.1"], False),
    ("2.0rc2", ["2.0rc1"], True),
    ("1.0", ["2.0rc1"], True),
    ("1.0", ["dev"], True),
]


@pytest.mark.parametrize(("version", "others", "newest"), NEWEST)
def test_the_alias_leads_to_the_highest_release(version, others, newest):
    assert is_newest(version, others) is newest


@pytest.fixture
def git(tmp_path, monkeypatch) -> Git:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Tester")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "tester@localhost")
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / "versions.json").write_text(
        '[{"version": "1.0", "aliases": ["latest"]}, {"version": "0.9", "aliases": []}]'
    )
    return Git(tmp_path)


def committed(git: Git, sizes: dict[str, int], versions: tuple[str, ...] = ()) -> Branch:
    """A branch whose versions hold a file of so many bytes each; `versions` are now listed."""
    if versions:
        listed = [{"version": version, "aliases": []} for version in versions]
        (git.root / "versions.json").write_text(json.dumps(listed))
    for version, size in sizes.items():
        (git.root / version).mkdir()
        with (git.root / version / "sheet").open("wb") as file:
            file.truncate(size)
    git("add", "--all")
    git("commit", "--quiet", "--message", "Pages")
    return Branch(git, git("rev-parse", "HEAD"))


def test_what_stands_there_is_listed_and_weighed(git):
    held = committed(git, {"1.0": 3 * MEGABYTE, "0.9": 2 * MEGABYTE})
    assert held.versions() == ["1.0", "0.9"]
    assert held.sizes() == {"1.0": 3 * MEGABYTE, "0.9": 2 * MEGABYTE, "versions.json": 78}
    assert branch.check(held, "1.0", "origin").splitlines() == [
        "version 1.0: 3 MB of at most 60",
        "all versions and latest: 5 MB of at most 1000",
    ]


def test_a_version_that_weighs_too_much_is_refused(git, monkeypatch):
    monkeypatch.setattr(branch, "VERSION_BOUND", 2 * MEGABYTE)
    held = committed(git, {"1.0": 2 * MEGABYTE + 10**5})
    with pytest.raises(
        NotPublished, match=r"^version 1\.0: 2\.1 MB, and a version may have 2; let"
    ):
        branch.check(held, "1.0", "origin")


def test_a_site_that_weighs_too_much_is_refused_with_what_takes_the_oldest_away(git, monkeypatch):
    monkeypatch.setattr(branch, "SITE_BOUND", 2 * MEGABYTE)
    held = committed(git, {"1.0": MEGABYTE, "0.9": MEGABYTE})
    with pytest.raises(
        NotPublished, match=r"Pages serves 2; take the oldest away: git fetch"
    ) as told:
        branch.check(held, "1.0", "origin")
    assert str(told.value).endswith(removal("0.9", "origin"))


def test_a_version_that_would_not_stay_as_it_is_is_refused(git):
    old = committed(git, {"1.0": 1, "0.9": 2})
    made = committed(git, {"1.1": 3}, versions=("1.1", "1.0", "0.9"))
    branch.check_kept(old, made, "1.1")
    (git.root / "1.0" / "sheet").write_text("Other pages")
    with pytest.raises(NotPublished, match=r"^version 1\.0: would not stay as it is beside 1\.1;"):
        branch.check_kept(old, committed(git, {}), "1.1")
    branch.check_kept(old, committed(git, {}, versions=("1.0", "0.9")), "1.0")


@pytest.mark.parametrize("left", [("1.1", "1.0"), ("1.1", "1.0", "0.9", "0.8")])
def test_a_version_that_would_go_or_come_unasked_is_refused(git, left):
    old = committed(git, {"1.0": 1, "0.9": 2})
    made = committed(git, {"1.1": 3}, versions=left)
    with pytest.raises(NotPublished, match=r"^version 0\.[89]: would not stay as it is"):
        branch.check_kept(old, made, "1.1")


@pytest.mark.parametrize("file", ["README.md", "SECURITY.md"])
def test_what_takes_a_version_away_is_written_down_as_errors_say_it(file):
    assert removal("0.1.0", "origin") in (ROOT / file).read_text("utf-8")


def test_the_alias_goes_to_the_next_version_where_none_has_it(git):
    held = committed(git, {"1.0": 1, "0.9": 1})
    assert [held.gives_latest_to(v) for v in ("0.9", "1.0", "1.1")] == [False, True, True]
    left = committed(git, {}, versions=("1.0", "0.9"))
    assert left.gives_latest_to("0.9")
    assert Branch(git).gives_latest_to("0.1")


def test_ten_versions_of_the_largest_size_and_the_alias_fit():
    assert 11 * branch.VERSION_BOUND < branch.SITE_BOUND


def test_a_symbolic_link_is_refused(git):
    (git.root / "stable").symlink_to("1.0")
    held = committed(git, {"1.0": 1})
    with pytest.raises(
        NotPublished, match=r"^stable: a symbolic link, which Pages refuses; take away"
    ) as told:
        branch.check(held, "1.0", "upstream")
    assert str(told.value).endswith("mike delete --remote upstream --push stable")


ADDRESSES = [
    ("git@github.com:Someone/shiny-car.git", "https://someone.github.io/shiny-car/"),
    ("https://github.com/someone/shiny-car", "https://someone.github.io/shiny-car/"),
    ("https://x@github.com/some-one/some-one.github.io.git", "https://some-one.github.io/"),
    ("../remote.git", ""),
]


@pytest.mark.parametrize(("remote", "address"), ADDRESSES)
def test_the_address_follows_from_a_remote_on_github(git, monkeypatch, capsys, remote, address):
    monkeypatch.delenv("SITE_URL", raising=False)
    git("remote", "add", "origin", remote)
    assert site_address(git, "origin") == address
    assert ("SITE_URL: not set" in capsys.readouterr().err) is (not address)


def test_an_address_that_is_set_goes_before(git, monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://cars.example/shiny")
    git("remote", "add", "origin", ADDRESSES[0][0])
    assert site_address(git, "origin") == "https://cars.example/shiny/"


def test_without_git_there_is_one_line(git, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoGit, match=r"^git: is not found on PATH; install git"):
        git("status")
