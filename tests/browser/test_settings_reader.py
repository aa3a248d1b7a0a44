"""What a picture's file tells of its making, and what is said of files that mean harm."""

import base64
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from made_exported import EXPORTED, EXPORTED_BROKEN
from made_hidden import DAMAGED, HIDDEN, HIDDEN_BROKEN, OPENLY, OTHERS
from made_hostile import HOSTILE
from made_pictures import (
    COMMENT,
    MAKE,
    avif,
    chunk,
    comment,
    exif,
    png,
    saved,
    text,
    wide,
)
from made_settings import BARE, BROKEN, PARAMETERS, RIGHT
from made_unread import UNREAD

ROOT = Path(__file__).parents[2]
SOUND = RIGHT | EXPORTED
REFUSED = BROKEN | HOSTILE | EXPORTED_BROKEN
READ = """async encoded => {
    const {read} = await import("/settings/read.js")
    return read(Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0)))
}"""
LARGE = """async () => {
    const {read} = await import("/settings/read.js")
    const bytes = new Uint8Array(100e6 + 1)
    bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    return read(bytes)
}"""


@pytest.fixture(scope="module")
def reader(browser: Any) -> Iterator[Callable[[bytes | None], dict[str, Any]]]:
    """Reads a file as the page does; None stands for a hundred megabytes and one byte."""
    folder = str(ROOT / "docs" / "assets" / "js")
    handler = partial(Quiet, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/settings/read.js")
        page.set_default_timeout(20_000)
        yield (
            lambda file: (
                page.evaluate(LARGE)
                if file is None
                else page.evaluate(READ, base64.b64encode(file).decode())
            )
        )
        page.close()
        server.shutdown()
        thread.join()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def assert_reads(told: dict, tool: str, settings: dict[str, str]) -> None:
    """Nothing is found fault with, and each setting is what the tool wrote."""
    assert (told["says"], told["tool"]) == ("", tool)
    found = told["settings"]
    assert {key: found.get(key, "") for key in settings} == settings


def assert_refuses(told: dict, says: str) -> None:
    """One line, and no setting."""
    assert says in told["says"]
    assert "\n" not in told["says"]
    assert told["settings"] == {}


@pytest.mark.parametrize("name", SOUND)
def test_settings_are_read_as_the_tool_wrote_them(reader, name):
    file, tool, settings = SOUND[name]
    assert_reads(reader(file), tool, settings)


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_or_hostile_file_is_answered_in_one_line(reader, name):
    file, says = REFUSED[name]
    assert_refuses(reader(file), says)


@pytest.mark.parametrize("name", HIDDEN)
def test_settings_are_read_from_the_last_bits_of_the_transparency(reader, name):
    file, tool, settings = HIDDEN[name]
    told = reader(file)
    assert_reads(told, tool, settings)
    assert told["hidden"] is True


@pytest.mark.parametrize("name", HIDDEN_BROKEN)
def test_hidden_settings_that_are_broken_or_hostile_are_answered_in_one_line(reader, name):
    file, says = HIDDEN_BROKEN[name]
    assert_refuses(reader(file), says)


def test_what_a_file_says_openly_goes_before_what_it_hides(reader):
    told = reader(OPENLY)
    assert (told["tool"], told["settings"]["seed"], told["hidden"]) == ("NovelAI", "3", False)
    told = reader(OTHERS)
    assert (told["settings"]["seed"], told["hidden"]) == ("5", False)


def test_a_broken_part_does_not_hide_what_stands_in_the_transparency(reader):
    told = reader(DAMAGED)
    assert (told["settings"]["seed"], told["hidden"]) == ("3", True)
    assert "damaged" in told["says"]


def test_a_broken_part_does_not_hide_the_others(reader):
    told = reader(png(chunk(b"zTXt", b"x\0\0oops"), text("parameters", PARAMETERS)))
    assert told["settings"]["seed"] == "4242"
    assert "damaged" in told["says"]


def test_boxes_of_an_avif_may_tell_their_length_in_eight_bytes(reader):
    told = reader(avif(exif({COMMENT: comment(PARAMETERS)}), wide=True))
    assert (told["kind"], told["width"], told["height"]) == ("AVIF", 640, 480)
    assert (told["settings"]["seed"], told["says"]) == ("4242", "")


def test_a_broken_box_of_an_avif_does_not_hide_what_the_boxes_before_it_told(reader):
    told = reader(avif(exif({COMMENT: comment(PARAMETERS)})) + b"\xff\xff\xff\xffjunk")
    assert told["settings"]["seed"] == "4242"
    assert "longer than what is left of it" in told["says"]


def test_too_large_a_file_is_not_read_at_all(reader):
    assert "more than 100 MB" in reader(None)["says"]


@pytest.mark.parametrize(
    ("kind", "file", "sides"),
    [
        ("PNG", png(size=(30_000, 40_000)), (30_000, 40_000)),
        ("JPEG", saved("JPEG"), (12, 8)),
        ("WebP", saved("WEBP"), (12, 8)),
        ("WebP", saved("WEBP", lossless=True), (12, 8)),
        ("WebP", saved("WEBP", exif=exif({MAKE: b"xxxxxx"})), (12, 8)),
        ("AVIF", saved("AVIF"), (12, 8)),
    ],
)
def test_the_sides_are_known_before_anything_is_unpacked(reader, kind, file, sides):
    told = reader(file)
    assert (told["kind"], told["width"], told["height"]) == (kind, *sides)


@pytest.mark.parametrize("name", UNREAD)
def test_a_file_of_another_kind_is_named_with_what_to_do(reader, name):
    file, says = UNREAD[name]
    told = reader(file)
    assert_refuses(told, f"This is {says}")
    assert told["kind"] == ""
    assert "bring" in told["says"].partition(": ")[2], "what to do"


def test_a_picture_saved_while_it_was_painted_here_is_known_as_ours(reader):
    lines = "a chrome car\nSteps: 20, Sampler: DDIM, CFG scale: 4, Seed: 1, Model: Study model"
    told = reader(png(wide("parameters", f"{lines}, Shown: step 7")))
    assert (told["tool"], told["settings"]["seed"]) == ("this site", "1")
    assert reader(png(wide("parameters", lines)))["tool"] == "a Stable Diffusion web UI"


@pytest.mark.parametrize("name", BARE)
def test_a_whole_file_without_settings_says_so(reader, name):
    assert_refuses(reader(BARE[name]), "keeps no settings")


def test_there_are_files_enough():
    """At least 60 that are broken or mean harm, no two the same, without any that are sound."""
    hostile = (BROKEN, HIDDEN_BROKEN, EXPORTED_BROKEN, HOSTILE)
    files = [file for kind in hostile for file, _ in kind.values()]
    assert len(set(files)) == len(files) >= 60
    sound = {file for kind in (RIGHT, HIDDEN, EXPORTED) for file, *_ in kind.values()}
    assert not sound & set(files)
    assert not set(BARE.values()) & set(files)
    assert len(SOUND) == len(RIGHT) + len(EXPORTED), "two of one name"
    assert len(REFUSED) == len(BROKEN) + len(HOSTILE) + len(EXPORTED_BROKEN), "two of one name"
