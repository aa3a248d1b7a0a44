"""Settings in files other than PNG, where a tool has one comment for all its texts.

SwarmUI says itself what it writes: its object as UserComment; its reader also takes the camera's
name. NovelAI does not: as others' readers take and write it, it is assumed to be its object alone,
or one with all texts of its PNG, "Comment" as a text or as an object.
"""

import json

from made_pictures import (
    CAMERA,
    COMMENT,
    DESCRIPTION,
    avif,
    comment,
    exif,
    jpeg,
    png,
    saved,
    segment,
    text,
    wide,
    xmp,
)
from made_settings import DEEP, DRAW, MODEL, NOTHING, NOVEL, NOVEL_4, NOVELS

WRAPPED = {
    "Title": "NovelAI generated image",
    "Description": "chrome car",
    "Software": "NovelAI",
    "Source": MODEL,
    "Generation time": "3.2",
}
OLDER = {name: value for name, value in NOVEL.items() if name != "prompt"}
SWARM = {
    "sui_image_params": {
        "prompt": "a chrome car",
        "negativeprompt": "blurry",
        "model": "Flux/flux1-dev-fp8",
        "seed": 1,
        "steps": "20",
        "cfgscale": 7.5,
        "width": 1024,
        "height": 768,
        "comfyuisampler": "euler",
        "scheduler": "normal",
        "vae": "ae.sft",
        "txxlmodel": "t5xxl_fp16",
        "loras": ["shine"],
        "swarm_version": "0.9.3.1",
    },
    "sui_extra_data": {"generation_time": "4.84 sec"},
}
SWARMS = {
    "prompt": "a chrome car",
    "negative": "blurry",
    "model": "Flux/flux1-dev-fp8",
    "seed": "1",
    "steps": "20",
    "guidance": "7.5",
    "size": "1024 × 768",
    "sampler": "euler",
    "schedule": "normal",
    "vae": "ae.sft",
    "encoder": "t5xxl_fp16",
    "added": "shine",
}
FOOOCUS = {
    "prompt": "a chrome car",
    "negative_prompt": "blurry",
    "guidance_scale": 4.0,
    "base_model": "dream",
    "sampler": "dpmpp_2m_sde_gpu",
    "scheduler": "karras",
    "seed": "5",
    "metadata_scheme": "fooocus",
}


def commented(value: object, letters: str = "utf-16-be") -> bytes:
    """EXIF with such an object as its comment."""
    written = value if isinstance(value, str) else json.dumps(value)
    return exif({COMMENT: comment(written, letters)})


def in_jpeg(value: object, letters: str = "utf-16-be") -> bytes:
    return jpeg(segment(0xE1, b"Exif\0\0" + commented(value, letters)))


def wrapped(inner: object) -> dict[str, object]:
    return WRAPPED | {"Comment": inner}


EXPORTED: dict[str, tuple[bytes, str, dict[str, str]]] = {
    "novel, JPEG": (in_jpeg(NOVEL), "NovelAI", NOVELS),
    "novel, JPEG, spaced": (in_jpeg(json.dumps(NOVEL, indent=2)), "NovelAI", NOVELS),
    "novel, WebP": (saved("WEBP", exif=commented(NOVEL, "utf-16-le")), "NovelAI", NOVELS),
    "novel, AVIF": (avif(commented(NOVEL, "ascii")), "NovelAI", NOVELS),
    "novel, JPEG comment": (jpeg(segment(0xFE, json.dumps(NOVEL).encode())), "NovelAI", NOVELS),
    "novel, XMP": (png(wide("XML:com.adobe.xmp", xmp(json.dumps(NOVEL)))), "NovelAI", NOVELS),
    "novel, all texts in one": (
        saved("WEBP", exif=commented(wrapped(json.dumps(NOVEL)))),
        "NovelAI",
        NOVELS | {"model": MODEL},
    ),
    "novel, all texts in one, JPEG": (
        in_jpeg(wrapped(json.dumps(NOVEL)), "ascii"),
        "NovelAI",
        NOVELS | {"model": MODEL},
    ),
    "novel, all in one object": (in_jpeg(wrapped(NOVEL)), "NovelAI", NOVELS | {"model": MODEL}),
    "novel, the comment alone in one": (
        in_jpeg({"Comment": json.dumps(NOVEL)}),
        "NovelAI",
        NOVELS | {"model": ""},
    ),
    "novel, version 4 in one": (
        in_jpeg({"Comment": json.dumps(NOVEL_4)}),
        "NovelAI",
        {"prompt": "chrome car", "seed": "4"},
    ),
    "novel, older, its prompt beside it": (
        png(
            text("Software", "NovelAI"),
            text("Description", "chrome car"),
            text("Comment", json.dumps(OLDER)),
        ),
        "NovelAI",
        NOVELS,
    ),
    "novel, older, its prompt in the description": (
        jpeg(
            segment(
                0xE1,
                b"Exif\0\0"
                + exif({DESCRIPTION: b"chrome car", COMMENT: comment(json.dumps(OLDER))}),
            )
        ),
        "NovelAI",
        NOVELS,
    ),
    "novel, older, in one": (in_jpeg(wrapped(json.dumps(OLDER))), "NovelAI", NOVELS),
    "draw things, a prompt about the other": (
        in_jpeg(DRAW | {"c": 'the "sampler": a "Comment": car'}),
        "Draw Things",
        {"prompt": 'the "sampler": a "Comment": car', "size": "512 × 512"},
    ),
    "swarm, PNG": (png(text("parameters", json.dumps(SWARM, indent=2))), "SwarmUI", SWARMS),
    "swarm, JPEG": (in_jpeg(SWARM, "utf-16-le"), "SwarmUI", SWARMS),
    "swarm, WebP": (saved("WEBP", exif=commented(SWARM)), "SwarmUI", SWARMS),
    "swarm, as a camera": (
        jpeg(segment(0xE1, b"Exif\0\0" + exif({CAMERA: json.dumps(SWARM).encode()}))),
        "SwarmUI",
        SWARMS,
    ),
    "another ui, an object in a JPEG": (
        in_jpeg(FOOOCUS),
        "a web interface",
        {
            "prompt": "a chrome car",
            "negative": "blurry",
            "guidance": "4",
            "model": "dream",
            "sampler": "dpmpp_2m_sde_gpu",
            "seed": "5",
        },
    ),
}
EXPORTED_BROKEN: dict[str, tuple[bytes, str]] = {
    "a comment about nothing": (in_jpeg({"Comment": "a holiday"}), NOTHING),
    "all texts in one, cut within": (
        in_jpeg(wrapped(json.dumps(NOVEL)[:90])),
        "no valid JSON",
    ),
    "all texts in one, cut": (
        in_jpeg(json.dumps(wrapped(json.dumps(NOVEL)))[:300]),
        "no valid JSON",
    ),
    "all texts in one, deep within": (
        saved("WEBP", exif=commented(wrapped(DEEP))),
        "more than 100 deep",
    ),
    "all texts in one, a list": (in_jpeg(wrapped([NOVEL])), "no valid JSON"),
    "swarm, a number": (in_jpeg({"sui_image_params": 3}), NOTHING),
    "swarm, nothing": (in_jpeg({"sui_image_params": None}), NOTHING),
    "swarm, deep": (in_jpeg('{"sui_image_params":' * 200 + "1" + "}" * 200), "more than 100 deep"),
    "swarm, cut": (in_jpeg(json.dumps(SWARM)[:99]), "no valid JSON"),
}
