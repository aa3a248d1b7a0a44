"""A real browser on the real site: built once, served from here, and watched for anything else."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import chromium
import pytest
from engine import BUILD, ENGINE
from playwright.sync_api import Browser, BrowserContext, Page, expect

ROOT = Path(__file__).parents[2]
VERSION = "/1.0"  # pages are served below this too, as mike does: only relative links survive it
QUIET = [  # Chromium's own calls home would be refused many at a time where there is no network
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_GPU = "GPU stall due to ReadPixels"  # Chromium's of any WebGL picture, where there is none
# A breach of the content security policy becomes a console error, wherever it happens.
TELL = "addEventListener('securitypolicyviolation', e => console.error('CSP', e.blockedURI))"


class Handler(SimpleHTTPRequestHandler):
    """Files as they are, without a log."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix(VERSION))

    def log_message(self, *_) -> None:
        pass


@dataclass
class Watch:
    """What happened in the pages of one test that a reader would not want."""

    context: BrowserContext
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """The built site: SITE_DIR if that is set, else built here, strictly."""
    if given := os.environ.get("SITE_DIR"):
        return Path(given)
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", ENGINE, *BUILD, "-d", str(folder)]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    run = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture(scope="session")
def address(site) -> Iterator[str]:
    """Where the site is served, without a slash at the end."""
    handler = partial(Handler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def paths(site) -> list[str]:
    """Every page's address below the top, sorted."""
    found = (path.parent.relative_to(site).as_posix() for path in site.rglob("index.html"))
    return sorted("/" if path == "." else f"/{path}/" for path in found)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Chromium without a sandbox, and without calls of its own."""
    return browser_type_launch_args | {"executable_path": chromium.program(), "args": QUIET}


@pytest.fixture(scope="session")
def watched(browser: Browser, address: str) -> Callable[..., Watch]:
    """Makes a browser context whose every mishap is written down."""

    def make(**options) -> Watch:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        context.set_default_timeout(15_000)
        watch = Watch(context)
        outside = re.compile(rf"^(?!{re.escape(address)}/|data:|blob:|about:)")

        def refuse(route) -> None:
            watch.problems.append(f"outside: {route.request.url}")
            route.abort()

        def console(message) -> None:
            if message.type in ("error", "warning") and NO_GPU not in message.text:
                watch.problems.append(f"console: {message.text}")

        def response(answer) -> None:
            watch.requests.append(answer.url)
            if answer.status >= 400:
                watch.problems.append(f"{answer.status}: {answer.url}")

        context.route(outside, refuse)
        context.on("console", console)
        context.on("weberror", lambda error: watch.problems.append(f"script: {error.error}"))
        context.on("response", response)
        if options.get("java_script_enabled", True):
            context.add_init_script(TELL)
        return watch

    return make


@pytest.fixture
def visit(watched, address) -> Iterator[Callable[..., Page]]:
    """Opens a page of the site, `path` below its top; at the end nothing may have gone wrong."""
    opened: list[Watch] = []

    def open_page(path: str, **options) -> Page:
        size = options.pop("size", None)
        opened.append(watched(**options))
        page = opened[-1].context.new_page()
        page.watch = opened[-1]
        if size:
            page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(f"{address}{path}")
        return page

    yield open_page
    problems = [problem for watch in opened for problem in watch.problems]
    for watch in opened:
        watch.context.close()
    assert problems == []


@pytest.fixture
def patience(request) -> Iterator[None]:
    """Waits as long as the module's PATIENCE, in milliseconds: painting shares the machine."""
    expect.set_options(timeout=request.module.PATIENCE)
    yield
    expect.set_options(timeout=5_000)
