"""The built site as a host would serve it, and the browser to look at it with."""

import gzip
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
SITE = ROOT / "site"
# Chromium's own calls home would be refused many at a time where there is no network.
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
PACKED = {".css", ".csv", ".html", ".js", ".json", ".svg", ".xml"}  # what hosts compress


class Handler(SimpleHTTPRequestHandler):
    """Text compressed, a page of its own for what is not there, no log."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        status = HTTPStatus.OK
        if not path.is_file():
            path, status = Path(self.directory, "404.html"), HTTPStatus.NOT_FOUND
        body = path.read_bytes()
        self.send_response(status)
        kind = self.guess_type(path)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind == "text/html" else kind)
        if path.suffix in PACKED and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Says nothing of a browser that is closed before it has all that it asked for."""

    def handle_error(self, request, client_address) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of a built site while it is served, without a slash at the end.

    Raises click.ClickException where nothing is built.
    """
    for page in ("index.html", "404.html"):
        if not (site / page).is_file():
            raise click.ClickException(f"{site.name}/ holds no built site; run make site")
    handler = partial(Handler, directory=str(site))
    with Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def chromium() -> str:
    """The path of Chromium: what CHROMIUM says, else the system's, else Playwright's own.

    Raises click.ClickException where there is none.
    """
    if given := os.environ.get("CHROMIUM"):
        found, missing = shutil.which(given), f"CHROMIUM={given} is no program"
    else:
        here = shutil.which("chromium") or shutil.which("chromium-headless-shell")
        found, missing = here or _playwrights(), "no Chromium here"
    if not found:
        raise click.ClickException(f"{missing}; run make chromium, or set CHROMIUM to its path")
    return found


def _playwrights() -> str | None:
    with sync_playwright() as playwright:
        return shutil.which(playwright.chromium.executable_path)
