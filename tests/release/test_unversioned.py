"""A plain build and a preview have no versions, and ask for none."""

import socket
import subprocess
import sys
import time
import urllib.request

from engine import BUILD, ENGINE, SERVE
from maintainer import environment, run, served


def test_a_plain_build_asks_for_no_versions(maintainer, watched):
    page, faults, asked = watched
    run(maintainer.folder, sys.executable, "-m", ENGINE, *BUILD)
    with served(maintainer.folder / "site") as address:
        page.goto(address, wait_until="networkidle")
    assert not faults
    assert not [url for url in asked if "versions.json" in url]


def test_a_preview_asks_for_no_versions(maintainer, watched):
    page, faults, asked = watched
    with socket.create_server(("127.0.0.1", 0)) as held:
        place = f"127.0.0.1:{held.getsockname()[1]}"
    command = [sys.executable, "-m", ENGINE, *SERVE, "--dev-addr", place]
    quiet = {"env": environment(), "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=maintainer.folder, **quiet) as server:
        try:
            wait_for(f"http://{place}/")
            page.goto(f"http://{place}/")
            page.wait_for_timeout(500)  # never idle: a preview keeps one request open
        finally:
            server.terminate()
    assert not faults
    assert not [url for url in asked if "versions.json" in url]


def wait_for(address, seconds=60):
    until = time.monotonic() + seconds
    while True:
        try:
            return urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            assert time.monotonic() < until, f"{address} does not answer"
            time.sleep(0.2)
