"""The picture that stands for a page where its link is shared: title, picture, name of the site."""

from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from gen.core.cache import read_or_make
from gen.core.canonical import digest
from gen.publish.pictures.keys import key

SIZE = WIDTH, HEIGHT = 1200, 630  # what the large previews show uncropped
BYTES = 60_000
MARGIN, STRIP, PICTURE = 56, 12, 660  # pixels; the last is the width that a picture may take
INK, SOFT, PAPER, WARM = "#e9ebee", "#a9b1bc", "#111418", "#ffa66b"  # the dark scheme's
NIGHT = "#15181d"  # the ink of the light scheme, on a light sky
SAME_SHAPE = 0.01  # by how much of its width a picture may be another shape
CHROME = ("#3c434d", "#ccd3da", "#454d58", "#bcc4cd", "#3c434d")  # the strip under the header
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
FORMAT = 2  # raised when a card looks different: older ones are then drawn again


def card(cache: Path, title: str, site: str, note: str, picture: bytes | None, font: Path) -> bytes:
    """A card, drawn once: that takes longer than all else that its page costs a build."""
    shows, letters = picture and digest(picture), font.is_file() and digest(font.read_bytes())
    name = key(FORMAT, title, site, note, shows, letters)
    draws = partial(draw, title, site, note, picture, font)
    return read_or_make(cache / f"{name}.jpg", draws)


def draw(title: str, site: str, note: str, picture: bytes | None, font: Path) -> bytes:
    """One card as JPEG, light enough. `note` names the model of the picture, if there is one."""
    if picture is not None and _fills(picture):
        return _filled(title, site, note, picture, font)
    card = Image.new("RGB", SIZE, PAPER)
    if picture is not None:
        _place(card, picture)
    pen = ImageDraw.Draw(card)
    _strip(pen)
    text, left = _font(font, 58, 700), MARGIN
    width = (WIDTH - MARGIN if picture is None else WIDTH - PICTURE - 28) - left
    lines = _lines(pen, title, text, width)
    pen.text((left, MARGIN), site, font=_font(font, 28, 600), fill=WARM)
    pen.multiline_text((left, 150), "\n".join(lines), font=text, fill=INK, spacing=14)
    pen.text((left, HEIGHT - MARGIN), note, font=_font(font, 26, 450), fill=SOFT, anchor="ld")
    return _jpeg(card)


def _fills(picture: bytes) -> bool:
    """Whether a picture has a card's shape, and so takes all of it."""
    with Image.open(BytesIO(picture)) as opened:
        return abs(opened.width * HEIGHT / opened.height / WIDTH - 1) < SAME_SHAPE


def _filled(title: str, site: str, note: str, picture: bytes, font: Path) -> bytes:
    """A card that is all picture, its words on the light sky at the top of it."""
    with Image.open(BytesIO(picture)) as opened:
        card = opened.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
    pen = ImageDraw.Draw(card)
    pen.text((MARGIN, 34), site, font=_font(font, 28, 600), fill=NIGHT)
    pen.text((MARGIN, 74), title, font=_font(font, 62, 700), fill=NIGHT)
    pen.text(
        (WIDTH - MARGIN, HEIGHT - 22), note, font=_font(font, 22, 450), fill=NIGHT, anchor="rd"
    )
    return _jpeg(card)


def _jpeg(card: Image.Image) -> bytes:
    """A picture as JPEG, as fine as its few bytes allow."""
    for quality in range(84, 0, -12):
        file = BytesIO()
        card.save(file, "JPEG", quality=quality)
        if file.tell() < BYTES:
            break
    return file.getvalue()


def _place(card: Image.Image, picture: bytes) -> None:
    """The whole picture on the right, as large as its room allows and never stretched."""
    room = PICTURE, HEIGHT - STRIP
    with Image.open(BytesIO(picture)) as final:
        image = final.convert("RGB")
    scale = min(room[0] / image.width, room[1] / image.height)
    size = round(image.width * scale), round(image.height * scale)
    image = image.resize(size, Image.Resampling.BICUBIC)
    card.paste(image, (WIDTH - size[0], (room[1] - size[1]) // 2))


def _strip(pen: ImageDraw.ImageDraw) -> None:
    """A line of polished metal along the foot."""
    band = WIDTH / (len(CHROME) - 1)
    stops = [tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in CHROME]
    for x in range(WIDTH):
        at, share = int(x // band), x % band / band
        colour = tuple(
            round(a + (b - a) * share) for a, b in zip(stops[at], stops[at + 1], strict=True)
        )
        pen.line((x, HEIGHT - STRIP, x, HEIGHT), fill=colour)


def _lines(pen: ImageDraw.ImageDraw, text: str, font: Font, width: int) -> list[str]:
    """The words in lines of at most this width, four of them at most."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and pen.textlength(longer, font=font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines if len(lines) <= 4 else [*lines[:3], f"{lines[3]} …"]


def _font(path: Path, size: int, weight: int) -> Font:
    """Our own font where the project has it, else Pillow's."""
    if not path.is_file():
        return ImageFont.load_default(size)
    font = ImageFont.truetype(path, size)
    font.set_variation_by_axes([weight])
    return font
