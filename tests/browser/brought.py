"""A picture of a reader's own, brought to its page."""

import io
import re

from PIL import Image
from playwright.sync_api import Page, expect


def shot(red: int = 120) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (90, 60), (red, 160, 220)).save(file, "PNG")
    return file.getvalue()


def give(page: Page, file: bytes, kind: str = "png") -> None:
    """Waits until it is read, or refused."""
    chosen = {"name": f"x.{kind}", "mimeType": f"image/{kind}", "buffer": file}
    page.locator("your-picture [type=file]").set_input_files(chosen)
    expect(page.locator("[data-out=says]")).not_to_have_text("Reading…")


def there(page: Page) -> None:
    expect(page.locator("your-picture")).to_have_class(re.compile("own-there"))


def bring(page: Page, file: bytes, kind: str = "png") -> Page:
    """Waits until it is there."""
    give(page, file, kind)
    there(page)
    return page
