"""A measurement of runs that turn, as a page takes it, with a sheet of few small pictures."""

from io import BytesIO

from PIL import Image

from gen.core.measured import Measurement, Row

STEPS = 4
SIZE = (8 * 48, 32)  # a sheet: a row of eight cells
SHEETS = ("turning-world-snow.webp", "turning-paint-gold.webp")
SERIES = {"world": ("behind the car", "in the mirror"), "paint": ("finish", "colour")}
SHOWN = (
    ("world-snow", "desert to snow", "desert", "snow", "in the mirror"),
    ("paint-gold", "chrome to gold", "chrome", "gold"),
)


def measurement() -> Measurement:
    """Each series falls from all to none; the second one falls later."""
    rows = []
    for kind, names in SERIES.items():
        panel = f"Read as the new words say: {kind}, by steps under the old words"
        for late, name in enumerate(names):
            for k in range(STEPS + 1):
                value = 100.0 * (k <= 1 + late)
                row = Row(f"{kind}-{late}-{k}", panel, str(k), name, value, value, value, 8, "%")
                rows.append(row)
    digests = tuple((name, "0" * 64) for name in SHEETS)
    return Measurement("turning", "0" * 16, "Until when?", "So.", "Model", (), tuple(rows), digests)


def sheet() -> bytes:
    """Five cells, each in a grey of its own: 40, 80, and so on."""
    whole, file = Image.new("RGB", SIZE), BytesIO()
    for k in range(STEPS + 1):
        whole.paste((40 * (k + 1),) * 3, (48 * k, 0, 48 * (k + 1), 32))
    whole.save(file, "WEBP", lossless=True)
    return file.getvalue()
