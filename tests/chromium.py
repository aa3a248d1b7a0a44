"""The browser that tests drive: Chromium without windows where there is one, a third the work."""

import os
import shutil

NAMES = ("chromium-headless-shell", "chromium")  # as Debian calls them


def program() -> str | None:
    """The path of Chromium as CHROMIUM names it, else the system's; None for Playwright's own."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
