"""Files with settings as each tool writes them, and broken or hostile ones: what they tell."""

import json
import struct

from made_pictures import (
    CAMERA,
    COMMENT,
    DESCRIPTION,
    MAKE,
    WINDOWS,
    avif,
    box,
    chunk,
    comment,
    exif,
    jpeg,
    packed,
    png,
    saved,
    segment,
    text,
    wide,
    xmp,
)

PROMPT = "a chrome car at sunset, (mirror:1.2) <lora:shiny_v2:0.7>"
LINE = (
    "Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 4242, "
    "Size: 512x768, Model hash: 1234abcd, Model: dream, VAE: vae-ft.pt, Clip skip: 2, "
    'Denoising strength: 0.4, Lora hashes: "shiny_v2: 99, other: 1", Version: v1.9'
)
PARAMETERS = f"{PROMPT}\nNegative prompt: text, blurry\nmore blurry\n{LINE}"
WEB_UI = {
    "prompt": PROMPT,
    "negative": "text, blurry\nmore blurry",
    "seed": "4242",
    "steps": "28",
    "sampler": "DPM++ 2M",
    "schedule": "Karras",
    "guidance": "6.5",
    "size": "512x768",
    "model": "dream",
    "vae": "vae-ft.pt",
    "clip": "2",
    "strength": "0.4",
    "added": "shiny_v2",
    "others": "Model hash: 1234abcd; Lora hashes: shiny_v2: 99, other: 1; Version: v1.9",
}


def node(kind: str, **inputs: object) -> dict[str, object]:
    return {"class_type": kind, "inputs": inputs}


GRAPH = {
    "3": node(
        "KSampler",
        seed=77,
        steps=20,
        cfg=8,
        sampler_name="euler",
        scheduler="normal",
        denoise=1,
        model=["10", 0],
        positive=["6", 0],
        negative=["7", 0],
        latent_image=["5", 0],
    ),
    "4": node("CheckpointLoaderSimple", ckpt_name="v1-5.safetensors"),
    "5": node("EmptyLatentImage", width=512, height=512, batch_size=1),
    "6": node("CLIPTextEncode", text="a chrome car", clip=["4", 1]),
    "7": node("CLIPTextEncode", text="blurry", clip=["4", 1]),
    "9": node("SaveImage", images=["8", 0]),
    "10": node("LoraLoader", lora_name="shine.safetensors", model=["4", 0], clip=["4", 1]),
}
COMFY = {
    "prompt": "a chrome car",
    "negative": "blurry",
    "seed": "77",
    "steps": "20",
    "sampler": "euler",
    "schedule": "normal",
    "guidance": "8",
    "strength": "1",
    "size": "512 × 512",
    "model": "v1-5.safetensors",
    "added": "shine.safetensors",
}
TWO_PASSES = GRAPH | {
    "20": node("LatentUpscale", samples=["3", 0], width=1024, height=1024),
    "2": node(
        "KSampler", seed=1, steps=9, cfg=3, denoise=0.5, latent_image=["20", 0], model=["4", 0]
    ),
}
CUSTOM = {
    "1": node(
        "SamplerCustomAdvanced",
        noise=["2", 0],
        guider=["3", 0],
        sampler=["4", 0],
        sigmas=["5", 0],
        latent_image=["6", 0],
    ),
    "2": node("RandomNoise", noise_seed=5),
    "3": node("CFGGuider", cfg=3.5, positive=["7", 0], negative=["8", 0], model=["9", 0]),
    "4": node("KSamplerSelect", sampler_name="dpmpp_2m"),
    "5": node("BasicScheduler", scheduler="simple", steps=["10", 0], denoise=1, model=["9", 0]),
    "6": node("EmptySD3LatentImage", width=1024, height=768),
    "7": node("CLIPTextEncode", text=["11", 0], clip=["9", 1]),
    "8": node("CLIPTextEncode", text="", clip=["9", 1]),
    "9": node("UNETLoader", unet_name="big.safetensors"),
    "10": node("PrimitiveInt", value=12),
    "11": node("PrimitiveString", value="gold car"),
}
CROWDED = {
    str(n): node(
        "KSampler" if n < 60 else "X",
        **{f"from{k}": [str((7 * n + 13 * k) % 3000), 0] for k in range(30)},
        latent_image=[str((n + 1) % 60), 0],
        positive=[str((n + 1) % 3000), 0],
        text="round",
    )
    for n in range(3000)
}
WORKFLOW = {
    "nodes": [
        {
            "id": 1,
            "type": "KSampler",
            "widgets_values": [9, "fixed", 30, 7.5, "ddim", "karras", 1],
            "inputs": [
                {"name": "positive", "link": 1},
                {"name": "latent_image", "link": 2},
                {"name": "model", "link": None},
            ],
        },
        {"id": 2, "type": "CLIPTextEncode", "widgets_values": ["a gold car"]},
        {"id": 3, "type": "EmptyLatentImage", "widgets_values": [640, 512, 1]},
    ],
    "links": [[1, 2, 0, 1, 1, "CONDITIONING"], [2, 3, 0, 1, 3, "LATENT"]],
}
FLUX = CUSTOM | {
    "3": node("BasicGuider", conditioning=["7", 0], model=["9", 0]),
    "7": node("CLIPTextEncodeFlux", clip_l="gold car", t5xxl="gold car", clip=["12", 0]),
    "12": node(
        "DualCLIPLoader",
        clip_name1="clip_l.safetensors",
        clip_name2="reader.safetensors",
        type="flux",
    ),
    "13": node("CLIPVisionLoader", clip_name="sight.safetensors"),
}
FLUX_WORKFLOW = {
    "nodes": [
        *WORKFLOW["nodes"][:1],
        WORKFLOW["nodes"][1] | {"inputs": [{"name": "clip", "link": 3}]},
        WORKFLOW["nodes"][2],
        {
            "id": 4,
            "type": "DualCLIPLoader",
            "widgets_values": ["clip_l.safetensors", "reader.safetensors", "flux"],
        },
    ],
    "links": [*WORKFLOW["links"], [3, 4, 0, 2, 0, "CLIP"]],
}
INVOKE = {
    "app_version": "4.2.0",
    "positive_prompt": "a chrome car",
    "negative_prompt": "blurry",
    "seed": 11,
    "steps": 30,
    "scheduler": "euler_a",
    "cfg_scale": 7.5,
    "width": 512,
    "height": 640,
    "model": {"name": "dreamy", "base": "sd-1"},
    "loras": [{"model": {"name": "shine"}, "weight": 0.5}],
    "clip_skip": 1,
}
INVOKE_FLUX = INVOKE | {
    "model": {"name": "dreamy", "base": "flux"},
    "t5_encoder": {"name": "t5_base_encoder", "base": "any"},
    "clip_embed_model": {"name": "clip-vit-large-patch14", "base": "any"},
}
INVOKE_OLD = {
    "model_weights": "stable-diffusion-1.5",
    "image": {
        "prompt": [{"prompt": "a chrome car", "weight": 1.0}],
        "seed": 11,
        "steps": 30,
        "sampler": "k_lms",
        "cfg_scale": 7.5,
        "width": 512,
        "height": 512,
    },
}
NOVEL = {
    "prompt": "chrome car",
    "uc": "lowres",
    "seed": 3,
    "steps": 28,
    "scale": 5,
    "sampler": "k_euler_ancestral",
    "noise_schedule": "karras",
    "width": 832,
    "height": 1216,
}
NOVELS = {  # what is read of it
    "prompt": "chrome car",
    "negative": "lowres",
    "seed": "3",
    "steps": "28",
    "guidance": "5",
    "sampler": "k_euler_ancestral",
    "schedule": "karras",
    "size": "832 × 1216",
}
MODEL = "NovelAI Diffusion V3"
NOVEL_4 = {
    "v4_prompt": {"caption": {"base_caption": "chrome car", "char_captions": []}},
    "uc": "",
    "sampler": "k_euler",
    "seed": 4,
}
DRAW = {
    "c": 'a "chrome" car & a moon',
    "uc": "<b>",
    "seed": 8,
    "steps": 25,
    "scale": 4.5,
    "sampler": "DPM++ SDE Karras",
    "size": "512x512",
    "strength": 1,
    "model": "sd_v1.5_f16.ckpt",
    "lora": [{"model": "gleam", "weight": 0.6}],
}
OURS = {
    "model": "Study model",
    "prompt": "a chrome car in the snow",
    "negative": "",
    "seed": "1",
    "steps": "25",
    "guidance_scale": "4.0",
    "scheduler": "DDIMScheduler",
    "revision": "abc",
}
WEB, SITE = "a Stable Diffusion web UI", "this site"
RIGHT: dict[str, tuple[bytes, str, dict[str, str]]] = {
    "web ui, plain": (png(text("parameters", PARAMETERS)), WEB, WEB_UI),
    "web ui, packed": (png(packed("parameters", PARAMETERS.encode())), WEB, WEB_UI),
    "web ui, named UTF-8": (png(wide("parameters", PARAMETERS)), WEB, WEB_UI),
    "web ui, UTF-8 packed": (png(wide("parameters", PARAMETERS, True)), WEB, WEB_UI),
    "web ui, behind the values": (
        png(end=False) + text("parameters", PARAMETERS) + chunk(b"IEND", b""),
        WEB,
        WEB_UI,
    ),
    "web ui, EXIF of a PNG": (
        png(chunk(b"eXIf", exif({COMMENT: comment(PARAMETERS)}))),
        WEB,
        WEB_UI,
    ),
    "web ui, JPEG": (
        jpeg(segment(0xE1, b"Exif\0\0" + exif({COMMENT: comment(PARAMETERS)}, ">"))),
        WEB,
        WEB_UI,
    ),
    "web ui, JPEG, other order": (
        jpeg(segment(0xE1, b"Exif\0\0" + exif({COMMENT: comment(PARAMETERS, "utf-16-le")}, ">"))),
        WEB,
        WEB_UI,
    ),
    "web ui, JPEG, ASCII": (
        jpeg(segment(0xE1, b"Exif\0\0" + exif({COMMENT: comment(PARAMETERS, "ascii")}))),
        WEB,
        WEB_UI,
    ),
    "web ui, JPEG, no code": (
        jpeg(segment(0xE1, b"Exif\0\0" + exif({COMMENT: PARAMETERS.encode()}))),
        WEB,
        WEB_UI,
    ),
    "web ui, JPEG comment": (jpeg(segment(0xFE, PARAMETERS.encode())), WEB, WEB_UI),
    "web ui, Windows' comment": (
        jpeg(segment(0xE1, b"Exif\0\0" + exif({WINDOWS: PARAMETERS.encode("utf-16-le")}))),
        WEB,
        WEB_UI,
    ),
    "web ui, WebP": (saved("WEBP", exif=exif({COMMENT: comment(PARAMETERS)})), WEB, WEB_UI),
    "web ui, AVIF": (avif(exif({COMMENT: comment(PARAMETERS)})), WEB, WEB_UI),
    "web ui, no negative": (
        png(text("parameters", f"a car\n{LINE}")),
        WEB,
        {"prompt": "a car", "negative": "", "seed": "4242"},
    ),
    "web ui, only a prompt": (
        png(text("parameters", "a car, Steps: two")),
        WEB,
        {"prompt": "a car, Steps: two"},
    ),
    "web ui, lines of Windows": (
        png(text("parameters", PARAMETERS.replace("\n", "\r\n"))),
        WEB,
        {"negative": "text, blurry\nmore blurry", "seed": "4242"},
    ),
    "web ui, Japanese in plain": (
        png(text("parameters", f"自動車\n{LINE}")),
        WEB,
        {"prompt": "自動車"},
    ),
    "web ui, Latin letters": (
        png(text("parameters", f"café\n{LINE}".encode("latin1"))),
        WEB,
        {"prompt": "café"},
    ),
    "web ui, names that scripts know": (
        png(text("parameters", "a car\nSteps: 3, constructor: 5, __proto__: 4, Seed: 7")),
        WEB,
        {"prompt": "a car", "steps": "3", "seed": "7", "others": "constructor: 5; __proto__: 4"},
    ),
    "web ui, markup": (
        png(text("parameters", f"<img src=x onerror=alert(1)>\n{LINE}")),
        WEB,
        {"prompt": "<img src=x onerror=alert(1)>"},
    ),
    "another ui, an object": (
        png(
            text(
                "parameters",
                json.dumps(
                    {"sui_image_params": {"prompt": "a", "cfgscale": 3, "width": 8, "height": 9}}
                ),
            )
        ),
        "SwarmUI",
        {"prompt": "a", "guidance": "3", "size": "8 × 9"},
    ),
    "comfy": (
        png(text("prompt", json.dumps(GRAPH)), text("workflow", json.dumps(WORKFLOW))),
        "ComfyUI",
        COMFY,
    ),
    "comfy, not a number": (
        png(text("prompt", json.dumps(GRAPH | {"x": {"is_changed": [float("nan")]}}))),
        "ComfyUI",
        COMFY,
    ),
    "comfy, twice quoted": (
        png(text("prompt", json.dumps(GRAPH)), text("x", "{")),
        "ComfyUI",
        COMFY,
    ),
    "comfy, two passes": (
        png(text("prompt", json.dumps(TWO_PASSES))),
        "ComfyUI",
        COMFY | {"others": "2 samplers in its graph; these are the settings of the first"},
    ),
    "comfy, put together": (
        png(text("prompt", json.dumps(CUSTOM))),
        "ComfyUI",
        {
            "prompt": "gold car",
            "seed": "5",
            "steps": "12",
            "sampler": "dpmpp_2m",
            "schedule": "simple",
            "guidance": "3.5",
            "size": "1024 × 768",
            "model": "big.safetensors",
        },
    ),
    "comfy, text encoders of its own": (
        png(text("prompt", json.dumps(FLUX))),
        "ComfyUI",
        {
            "prompt": "gold car",
            "model": "big.safetensors",
            "encoder": "clip_l.safetensors, reader.safetensors",
            "others": "nodes for other models: EmptySD3LatentImage, CLIPTextEncodeFlux",
        },
    ),
    "comfy, workflow with text encoders": (
        png(text("workflow", json.dumps(FLUX_WORKFLOW))),
        "ComfyUI",
        {"prompt": "a gold car", "encoder": "clip_l.safetensors, reader.safetensors"},
    ),
    # "Module N", as forks of the web UI are assumed to write what is loaded beside the model
    "web ui, modules beside the model": (
        png(text("parameters", f"a car\n{LINE}, Module 1: ae, Module 2: t5xxl_fp16")),
        WEB,
        {"encoder": "t5xxl_fp16", "vae": "vae-ft.pt"},
    ),
    "comfy, workflow alone": (
        png(text("workflow", json.dumps(WORKFLOW))),
        "ComfyUI",
        {
            "prompt": "a gold car",
            "seed": "9",
            "steps": "30",
            "guidance": "7.5",
            "sampler": "ddim",
            "schedule": "karras",
            "size": "640 × 512",
        },
    ),
    "comfy, WebP": (
        saved(
            "WEBP",
            exif=exif({CAMERA: f"prompt:{json.dumps(GRAPH)}".encode(), MAKE: b"workflow:{}"}),
        ),
        "ComfyUI",
        COMFY,
    ),
    "comfy, JPEG comment": (
        jpeg(segment(0xE1, b"Exif\0\0" + exif({COMMENT: comment(json.dumps(GRAPH))}))),
        "ComfyUI",
        COMFY,
    ),
    "comfy, in circles": (
        png(
            text(
                "prompt",
                json.dumps(
                    {
                        "1": node(
                            "KSampler", seed=["2", 0], positive=["2", 0], latent_image=["1", 0]
                        ),
                        "2": node("X", a=["1", 0], text="round"),
                    }
                ),
            )
        ),
        "ComfyUI",
        {"prompt": "round"},
    ),
    "comfy, a crowd in circles": (
        png(text("prompt", json.dumps(CROWDED))),
        "ComfyUI",
        {
            "prompt": "round",
            "others": "50 samplers in its graph; these are the settings of the first",
        },
    ),
    "invoke": (
        png(text("invokeai_metadata", json.dumps(INVOKE)), text("invokeai_graph", "{}")),
        "InvokeAI",
        {
            "prompt": "a chrome car",
            "negative": "blurry",
            "seed": "11",
            "steps": "30",
            "sampler": "euler_a",
            "guidance": "7.5",
            "size": "512 × 640",
            "model": "dreamy",
            "clip": "1",
            "added": "shine",
            "others": "InvokeAI 4.2.0",
        },
    ),
    "invoke, another kind of model": (
        png(text("invokeai_metadata", json.dumps(INVOKE_FLUX))),
        "InvokeAI",
        {"model": "dreamy (flux)", "encoder": "t5_base_encoder, clip-vit-large-patch14"},
    ),
    "invoke, older": (
        png(text("sd-metadata", json.dumps(INVOKE_OLD))),
        "InvokeAI",
        {
            "prompt": "a chrome car",
            "seed": "11",
            "sampler": "k_lms",
            "model": "stable-diffusion-1.5",
        },
    ),
    "novel": (
        png(
            text("Software", "NovelAI"),
            text("Source", MODEL),
            text("Description", "chrome car"),
            text("Comment", json.dumps(NOVEL)),
        ),
        "NovelAI",
        NOVELS | {"model": MODEL},
    ),
    "novel, version 4": (
        png(text("Comment", json.dumps(NOVEL_4))),
        "NovelAI",
        {"prompt": "chrome car", "seed": "4"},
    ),
    "draw things": (
        png(wide("XML:com.adobe.xmp", xmp(json.dumps(DRAW)))),
        "Draw Things",
        {
            "prompt": 'a "chrome" car & a moon',
            "negative": "<b>",
            "seed": "8",
            "steps": "25",
            "guidance": "4.5",
            "sampler": "DPM++ SDE Karras",
            "size": "512 × 512",
            "model": "sd_v1.5_f16.ckpt",
            "added": "gleam",
        },
    ),
    "draw things, attribute": (
        png(wide("XML:com.adobe.xmp", xmp(json.dumps(DRAW), attribute=True))),
        "Draw Things",
        {"seed": "8", "prompt": 'a "chrome" car & a moon'},
    ),
    "draw things, JPEG": (
        jpeg(segment(0xE1, b"x:\0" + xmp(json.dumps(DRAW)).encode())),
        "Draw Things",
        {"seed": "8"},
    ),
    "draw things, EXIF": (
        jpeg(segment(0xE1, b"Exif\0\0" + exif({COMMENT: comment(json.dumps(DRAW))}))),
        "Draw Things",
        {"seed": "8"},
    ),
    "ours, with parameters": (
        png(
            *(text(name, value) for name, value in OURS.items()),
            text("parameters", f"a chrome car in the snow\n{LINE}"),
        ),
        SITE,
        {"prompt": "a chrome car in the snow", "model": "dream", "seed": "4242"},
    ),
    "ours, its text under a name of its own": (
        png(
            *(text(name, value) for name, value in OURS.items() if name != "prompt"),
            text("text", "a chrome car in the snow"),
            text("parameters", f"a chrome car in the snow\n{LINE}"),
        ),
        SITE,
        {"prompt": "a chrome car in the snow", "model": "dream", "seed": "4242"},
    ),
    "ours, older": (
        png(*(text(name, value) for name, value in OURS.items())),
        SITE,
        {"prompt": "a chrome car in the snow", "sampler": "DDIMScheduler", "guidance": "4.0"},
    ),
    "ours, a sheet": (
        saved(
            "WEBP",
            exif=exif(
                {
                    DESCRIPTION: json.dumps(
                        {"model": "Study model", "prompt": "é", "seed": 3}
                    ).encode()
                }
            ),
        ),
        SITE,
        {"prompt": "é", "seed": "3", "model": "Study model"},
    ),
}
NOTHING = "keeps no settings"
NOT_WHOLE = "not whole"
DEEP = '{"uc":' * 5000 + "1" + "}" * 5000
PLAIN = png()
BARE = {
    "PNG": PLAIN,
    "JPEG": saved("JPEG"),
    "WebP": saved("WEBP"),
    "lossless WebP": saved("WEBP", lossless=True),
    "AVIF": saved("AVIF"),
}
BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "a text": (b"hello", "no PNG, JPEG, WebP or AVIF"),
    "a page": (b"<html><script>alert(1)</script>", "This is a web page, not a picture: save"),
    "a signature alone": (PLAIN[:8], NOT_WHOLE),
    "cut in a part": (PLAIN[:30], NOT_WHOLE),
    "cut before the end": (png(end=False), NOT_WHOLE),
    "JPEG cut": (saved("JPEG")[:40], NOT_WHOLE),
    "JPEG of noughts": (b"\xff\xd8\xff" + bytes(40), "not where it should be"),
    "WebP cut": (saved("WEBP")[:40], NOT_WHOLE),
    "a part of four gigabytes": (PLAIN[:8] + b"\xff\xff\xff\xfftEXt" + bytes(20), NOT_WHOLE),
    "WebP part of four gigabytes": (b"RIFF\0\0\0\0WEBPEXIF\xff\xff\xff\xff" + bytes(9), NOT_WHOLE),
    "IHDR of no bytes": (PLAIN[:8] + chunk(b"IHDR", b"") + chunk(b"IEND", b""), "damaged"),
    "a text without a name": (png(chunk(b"tEXt", b"parameters")), "has no name"),
    "a text cut short": (png(chunk(b"iTXt", b"parameters\0\0\0en")), "cut short"),
    "a bomb": (png(packed("parameters", bytes(20_000_000))), "more than 4 MB"),
    "a bomb in UTF-8": (png(wide("parameters", "\0" * 20_000_000, True)), "more than 4 MB"),
    "many bombs": (png(*[packed("x", bytes(3_900_000))] * 40), "than any tool writes"),
    "no zlib": (
        png(chunk(b"zTXt", b"parameters\0\0" + b"no zlib at all")),
        "packed text is damaged",
    ),
    "zlib cut": (png(chunk(b"zTXt", packed("p", b"x" * 999)[8:-12])), "packed text is damaged"),
    "a thousand texts": (png(*[text("x", "y")] * 1000), "than any tool writes"),
    "deep JSON": (png(text("invokeai_metadata", DEEP)), "more than 100 deep"),
    "deep JSON in a list": (png(text("prompt", '{"nodes":' + "[" * 100_000)), "more than 100 deep"),
    "no JSON": (png(text("invokeai_metadata", "{oops")), "no valid JSON"),
    "JSON, but a list": (png(text("sd-metadata", "[1, 2]")), "no valid JSON"),
    "JSON cut": (png(text("prompt", json.dumps(GRAPH)[:200])), "no valid JSON"),
    "a graph without a sampler": (png(text("prompt", json.dumps({"1": node("X")}))), "no sampler"),
    "a graph that is none": (
        png(text("workflow", json.dumps({"nodes": [1, None, {"id": {}}], "links": [[], 3]}))),
        "no sampler",
    ),
    "EXIF without a head": (png(chunk(b"eXIf", b"what is this?")), "does not begin as one"),
    "EXIF that leads outside": (png(chunk(b"eXIf", b"II*\0\xff\xff\xff\x7f")), "damaged"),
    "EXIF in circles": (
        png(
            chunk(
                b"eXIf", b"II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 0x8769, 4, 1, 8) + bytes(4)
            )
        ),
        NOTHING,
    ),
    "EXIF text longer than the file": (
        png(chunk(b"eXIf", b"II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, COMMENT, 7, 2**31, 8))),
        "longer than the file",
    ),
    "AVIF cut": (avif(exif({COMMENT: comment("x" * 99)}))[:70], "longer than what is left"),
    "AVIF box of nought": (box(b"ftyp", b"avif" + bytes(8)) + b"\0\0\0\1meta" + bytes(9), "short"),
    "AVIF of boxes": (box(b"ftyp", b"avif" + bytes(8)) + box(b"free", b"") * 10_001, "more boxes"),
    "novel without JSON": (
        png(text("Software", "NovelAI"), text("Comment", "hi")),
        "no valid JSON",
    ),
    "XMP that opens and never closes": (
        png(wide("XML:com.adobe.xmp", "<exif:UserComment>" * 20_000)),
        NOTHING,
    ),
    "bad UTF-8": (png(text("Title", b"\xff\xfe\xfa")), NOTHING),
    "colons and commas": (png(text("UserComment", ":,:,:," * 20_000)), NOTHING),
}
