"""Screenshots of the main pages, and the server that they are taken from."""

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from benchmark_scripts import module
from PIL import Image

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shots(monkeypatch):
    """The script as a module, for what it knows."""
    return module(monkeypatch, "shots")


def run(*options: object, **changed: str) -> subprocess.CompletedProcess:
    """The script as `make shots` runs it."""
    command = [sys.executable, "benchmarks/shots.py", *map(str, options)]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | changed, capture_output=True, text=True, timeout=300
    )


def test_a_page_is_kept_at_both_widths_in_both_schemes(site, tmp_path):
    done = run("404", "--site", site, "--to", tmp_path)
    assert done.returncode == 0, done.stderr
    kept = {path.stem: Image.open(path) for path in tmp_path.iterdir()}
    assert {name: shot.width for name, shot in kept.items()} == {
        "404-phone-light": 390,
        "404-phone-dark": 390,
        "404-desktop-light": 1280,
        "404-desktop-dark": 1280,
    }
    for size in ("phone", "desktop"):
        light, dark = (kept[f"404-{size}-{scheme}"].convert("L") for scheme in ("light", "dark"))
        assert light.getpixel((5, 400)) > 200
        assert dark.getpixel((5, 400)) < 50


def test_every_page_that_is_kept_is_there(site, shots):
    there = {name: (site / path[1:] / "index.html").is_file() for name, path in shots.PAGES.items()}
    assert [name for name, found in there.items() if not found] == ["404"]


@pytest.mark.parametrize(
    ("options", "changed", "said"),
    [
        (("--site", "nowhere"), {}, "nowhere/ holds no built site; run make site"),
        ((), {"CHROMIUM": "no-such-browser"}, "CHROMIUM=no-such-browser is no program; run make"),
    ],
)
def test_what_is_absent_is_said_in_a_line(tmp_path, options, changed, said):
    done = run("404", *options, "--to", tmp_path / "shots", **changed)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "shots").exists()


def test_the_site_is_served_as_a_host_does(site, shots):
    with shots.served(site) as address:
        plain = urlopen(f"{address}/", timeout=30)
        packed = urlopen(Request(f"{address}/", headers={"Accept-Encoding": "gzip"}), timeout=30)
        assert packed.headers["Content-Encoding"] == "gzip"
        whole, short = plain.read(), packed.read()
        assert gzip.decompress(short) == whole == (site / "index.html").read_bytes()
        assert len(short) < len(whole) / 2
        font = next(site.rglob("*.woff2")).relative_to(site).as_posix()
        asked = Request(f"{address}/{font}", headers={"Accept-Encoding": "gzip"})
        assert urlopen(asked, timeout=30).headers["Content-Encoding"] is None
        with pytest.raises(HTTPError, match="404") as missing:
            urlopen(f"{address}/not/here/", timeout=30)
        assert missing.value.read() == (site / "404.html").read_bytes()


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_git_ignores_the_folder():
    asked = ["git", "check-ignore", "--quiet", "shots/home-phone-light.png"]
    assert subprocess.run(asked, cwd=ROOT).returncode == 0
