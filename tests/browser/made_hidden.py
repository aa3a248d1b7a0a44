"""PNG files whose settings hide in the last bits of their alpha channel, right and hostile ones."""

import json
import struct

from made_pictures import chunk, see_through, stealthy, text
from made_settings import DEEP, GRAPH, NOTHING, NOVEL, PARAMETERS, WEB, WEB_UI

SEEN = {
    "Software": "NovelAI",
    "Source": "NovelAI Diffusion V3",
    "Description": "chrome car",
    "Comment": json.dumps(NOVEL),
}
NOVELS = {
    "prompt": "chrome car",
    "negative": "lowres",
    "seed": "3",
    "steps": "28",
    "size": "832 × 1216",
    "model": "NovelAI Diffusion V3",
}
ALL = stealthy(json.dumps(SEEN))
HIDDEN: dict[str, tuple[bytes, str, dict[str, str]]] = {
    "novel": (see_through(ALL), "NovelAI", NOVELS),
    "novel, one filter": (see_through(ALL, filters=[4]), "NovelAI", NOVELS),
    "novel, higher than wide": (see_through(ALL, width=9), "NovelAI", NOVELS),
    "novel, one column": (see_through(ALL, width=1), "NovelAI", NOVELS),
    "novel, one row": (see_through(ALL, width=8 * len(ALL), height=1), "NovelAI", NOVELS),
    "novel, room to spare": (see_through(ALL, width=90, height=200), "NovelAI", NOVELS),
    "novel, plain": (see_through(stealthy(json.dumps(SEEN), packed=False)), "NovelAI", NOVELS),
    "web ui, packed": (see_through(stealthy(PARAMETERS)), WEB, WEB_UI),
    "web ui, Japanese": (
        see_through(stealthy(f"自動車\n{PARAMETERS}", packed=False)),
        WEB,
        {"prompt": f"自動車\n{WEB_UI['prompt']}"},
    ),
    "web ui, choices": (
        see_through(stealthy(f"{{red|gold}} car\n{PARAMETERS}")),
        WEB,
        {"prompt": f"{{red|gold}} car\n{WEB_UI['prompt']}", "seed": "4242"},
    ),
    "comfy": (
        see_through(stealthy(json.dumps({"prompt": GRAPH}))),
        "ComfyUI",
        {"prompt": "a chrome car", "seed": "77"},
    ),
}


def long(bits: int, content: bytes = b"x" * 40) -> bytes:
    """What claims to be so long."""
    return b"stealth_pnginfo" + struct.pack(">I", bits) + content


HIDDEN_BROKEN: dict[str, tuple[bytes, str]] = {
    "nothing in it": (see_through(bytes(200)), NOTHING),
    "as good as a name": (see_through(b"stealth_pineapple" + bytes(90)), NOTHING),
    "a name that nobody knows": (see_through(b"stealth_pngzstd" + bytes(90)), "no name that we"),
    "too small for a name": (see_through(b"st", width=4, height=4), NOTHING),
    "cut after a few rows": (see_through(ALL, width=9, height=300, cut=150), "end too early"),
    "no rows at all": (see_through(ALL, width=9, height=300, cut=300), NOTHING),
    "interlaced": (see_through(ALL, laced=True), NOTHING),
    "longer than the picture": (see_through(long(8 * 5000)), "claims more room"),
    "as long as can be told": (see_through(long(0xFFFFFFFF)), "claims more room"),
    "of no length": (see_through(long(0)), NOTHING),
    "no gzip": (see_through(b"stealth_pngcomp" + long(320)[15:]), "packed text is damaged"),
    "gzip cut": (
        see_through(b"stealth_pngcomp" + struct.pack(">I", 8 * 30) + ALL[19:60]),
        "packed text is damaged",
    ),
    "a bomb": (see_through(stealthy("\0" * 9_000_000), width=256), "more than 4 MB"),
    "deep JSON": (see_through(stealthy(DEEP)), "more than 100 deep"),
    "JSON cut": (see_through(stealthy(json.dumps(SEEN)[:60])), "no valid JSON"),
    "many texts": (
        see_through(stealthy(json.dumps({"Comment": ""} | {f"x{n}": "y" for n in range(900)}))),
        "than any tool writes",
    ),
    "markup without settings": (see_through(stealthy('{"Comment": {"<b>": []}}')), NOTHING),
}
OPENLY = see_through(ALL, *(text(name, value) for name, value in SEEN.items()))
OTHER = "another car\nSteps: 3, Sampler: DDIM, Seed: 5"
OTHERS = see_through(stealthy(PARAMETERS), text("parameters", OTHER))
DAMAGED = see_through(ALL, chunk(b"zTXt", b"x\0\0oops"))
