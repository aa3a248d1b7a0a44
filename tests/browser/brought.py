"""A picture of a reader's own, brought to its page."""

import io
import re

from PIL import Image
from playwright.sync_api import Page, expect


def shot(red: int = 120) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (90, 60), (red, 160, 220)).save(file, "PNG")
    return file.getvalue()


def bring(page: Page, file: bytes) -> Page:
    chosen = {"name": "x.png", "mimeType": "image/png", "buffer": file}
    page.locator("your-picture [type=file]").set_input_files(chosen)
    expect(page.locator("your-picture")).to_have_class(re.compile("own-there"))
    expect(page.locator("[data-out=says]")).not_to_have_text("Reading…")
    return page
