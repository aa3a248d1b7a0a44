"""The same run in Firefox, where it is installed: under the page's own policy, within 1 of 255."""

import json
import re
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gen.publish import materials, painting

ROOT = Path(__file__).parents[2]
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="[^"]*">')
PROBE = """
const tell = (told) => fetch("/told", { method: "POST", body: JSON.stringify(told) })
addEventListener("securitypolicyviolation", (event) => tell({ refused: event.blockedURI }))
try {
    const { paintOnce } = await import("/assets/js/live/once.js")
    const picture = await paintOnce(ASKED, () => {})
    const image = new Image()
    image.src = KEPT
    await image.decode()
    const { width, height } = image
    const canvas = Object.assign(document.createElement("canvas"), { width, height })
    const context = canvas.getContext("2d")
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, width, height)
    const apart = data.map((value, i) => Math.abs(value - picture[i]))
    tell({ most: apart.reduce((high, value) => Math.max(high, value), 0), size: [width, height] })
} catch (error) {
    tell({ error: String(error) })
}
"""


class Asking(SimpleHTTPRequestHandler):
    """The built site, a page that asks, and an ear for what it tells."""

    def __init__(self, *arguments: object, pages: dict, told: list, heard: object, **more: object):
        self.pages, self.told, self.heard = pages, told, heard
        super().__init__(*arguments, **more)

    def do_GET(self) -> None:
        if self.path not in self.pages:
            return super().do_GET()
        kind, body = self.pages[self.path]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        return self.wfile.write(body.encode())

    def do_POST(self) -> None:
        self.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()
        self.heard.set()

    def log_message(self, *_) -> None:
        pass


def pages(site: Path) -> dict[str, tuple[str, str]]:
    """What asks for the first idea's picture, under the policy of the page to paint on."""
    read = materials.read(ROOT)
    prompt = read.prompt("x.md", "chrome-studio")
    capture = read.captures[read.keys[prompt]]
    asked = {
        "folder": f"/{read.painter.folder}/",
        "size": f"{prompt.width} {prompt.height}",
        "settings": json.dumps(painting.settings(capture)),
    }
    kept = json.dumps(f"/captures/{capture.key}/{capture.final}")
    policy = POLICY.search((site / "steps" / "index.html").read_text(encoding="utf-8"))[0]
    page = f'<!doctype html>{policy}<script type="module" src="/probe.js"></script>'
    script = PROBE.replace("ASKED", json.dumps(asked)).replace("KEPT", kept)
    return {"/probe.html": ("text/html", page), "/probe.js": ("text/javascript", script)}


def test_firefox_paints_the_kept_picture_again(site, tmp_path):
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    if not firefox:
        pytest.skip("no Firefox here; on Debian: apt-get install firefox-esr")
    told: list[dict] = []
    heard = threading.Event()
    handler = partial(Asking, directory=str(site), pages=pages(site), told=told, heard=heard)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = f"http://127.0.0.1:{server.server_port}/probe.html"
        command = [firefox, "--headless", "--no-remote", "--profile", str(tmp_path), page]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, env={"HOME": str(tmp_path)}, **quiet) as running:
            heard.wait(240)
            running.terminate()
        server.shutdown()
    assert told and set(told[0]) == {"most", "size"}, told
    assert told[0]["most"] <= 1
