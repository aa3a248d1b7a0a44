"""What is said of the places that a prompt fills: never more than CLIP's own tokenizer counts."""

import random
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from brought import bring
from made_pictures import png, text
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
PATH = "/your-picture/"
COUNTS = """async ([address, texts]) => {
    const {least} = await import(`${address}/assets/js/picture/fills.js`)
    return texts.map(least)
}"""
SAYS = """async ([address, text, settings, ours]) => {
    const {fills} = await import(`${address}/assets/js/picture/fills.js`)
    return fills(text, settings, ours)
}"""
PROMPTS = (
    "a chrome car at sunset, side view, studio light, 8k",
    "photo of a red sports car, reflections of palm trees on the hood, golden hour",
    "masterpiece, best quality, 1girl, mirror-like paint, rain, (wet road:1.3), bokeh",
)
TELL_WRONG = (
    "it's the car's mirror, isn't it? they're we'll I'd",
    "it’s the car’s ‘mirror’, isn’t it",
    "(chrome:1.2) car, ((mirror)), [blurry], [desert:snow:0.5], [red|gold] paint, \\(old\\)",
    "<lora:shiny_v2:0.7> a {{chrome}} car, BREAK, gold",
    "!(!(! car)(s 'r(e ''(s '(s car'(s",
    "caf&eacute; &amp; bar&#39;s &lt;&nbsp;",
    "e\u0301 cafe\u0301 İstanbul ΣΑΣ ſ K",
    "a\u0085car\u3000car\u2028\u00a0\ufeffcar",
    "自動車 車が雪の中 รถยนต์ машина سيارة",
    "🚗🚗🚗 ½ ① 12345 1.5 <|endoftext|>",
    "<|startoftext|> car <|endoftext|> car",
    "x" * 300,
    "?" * 300,
    "",
)


def many() -> list[str]:
    """Texts of words and of letters, by chance, the same each time."""
    chance = random.Random(5)
    words = " ".join((*PROMPTS, *TELL_WRONG)).split()
    letters = "abstrvelmdS 019,.-'’!?()[]{}<>|:&;#\\éΣ車\u0301\u00a0\n🚗"
    texts = [" ".join(chance.choices(words, k=chance.randint(1, 40))) for _ in range(600)]
    return texts + ["".join(chance.choices(letters, k=chance.randint(1, 60))) for _ in range(900)]


def handed_over(text: str) -> str:
    """What a web interface hands to the tokenizer once it has taken its signs out, in one piece."""
    text = re.sub(r"<[^<>]{1,200}>|\\(?=[()])", "", text)
    text = re.sub(r":-?[\d.]+(?=[)\]])", "", text)
    return re.sub(r"[()\[\]{}]", "", text)


def tokenizers() -> list[object]:
    """The study model's, and Stable Diffusion 1.5's where its vocabulary is installed."""
    pytest.importorskip("torch", reason="needs the generate install")
    from transformers import CLIPTokenizer

    from gen.capture import vocabulary

    study = CLIPTokenizer.from_pretrained(ROOT / "sources" / "models" / "study" / "tokenizer")
    try:
        distribution("open-clip-torch")
    except PackageNotFoundError:
        return [study]
    return [study, vocabulary.tokenizer(ROOT / "sources" / "shapes" / "sd15")]


def test_no_prompt_fills_fewer_places_than_is_said(visit, address):
    kinds = tokenizers()
    texts = [*PROMPTS, *TELL_WRONG, *many()]
    told = visit(PATH).evaluate(COUNTS, [address, texts])
    for tokenizer in kinds:
        for prompt, least in zip(texts, told, strict=True):
            for read in {prompt, handed_over(prompt)}:
                pieces = len(tokenizer(read, truncation=False, verbose=False).input_ids) - 2
                assert least <= pieces, (prompt, read)


def test_what_is_said_of_plain_words_is_not_far_below_what_they_fill(visit, address):
    *_, tokenizer = tokenizers()
    told = visit(PATH).evaluate(COUNTS, [address, list(PROMPTS[:2])])
    for prompt, least in zip(PROMPTS, told, strict=False):
        assert least >= 0.8 * (len(tokenizer(prompt).input_ids) - 2)


OTHER = {
    "flux": {"model": "flux1-dev-fp8"},
    "flux, in a folder": {"model": "Flux/flux1-schnell"},
    "xl": {"model": "juggernautXL_v9Rdphoto2"},
    "xl, apart": {"model": "animagine-xl-3.1"},
    "xl of Draw Things": {"model": "sd_xl_base_1.0_f16.ckpt"},
    "xl's decoder": {"model": "dream", "vae": "sdxl_vae.safetensors"},
    "pony": {"model": "ponyDiffusionV6"},
    "3": {"model": "sd3.5_large.safetensors"},
    "3, long": {"model": "stable-diffusion-3-medium"},
    "2": {"model": "stable-diffusion-2-1"},
    "novel, 3": {"model": "Stable Diffusion XL C1E1DE52"},
    "novel, 4": {"model": "NovelAI Diffusion V4.5 4BDE2A90"},
    "an encoder": {"model": "big", "encoder": "clip_l.safetensors, t5xxl_fp16.safetensors"},
    "an encoder that nobody knows": {"model": "big", "encoder": "reader.safetensors"},
    "a node": {"model": "big", "others": "nodes for other models: EmptySD3LatentImage"},
    "another node": {"others": "nodes for other models: CLIPTextEncodeFlux"},
    "dall-e": {"model": "dall-e-3"},
}
SAME = (
    {},
    {"model": "v1-5-pruned-emaonly.safetensors"},
    {"model": "sd_v1.5_f16.ckpt", "vae": "vae-ft-mse-840000.pt"},
    {"model": "dreamshaper_8", "encoder": "clip_l.safetensors"},
    {"model": "Stable Diffusion 31D10243"},
    {"model": "chromeCars_v3", "others": "Model hash: 1234abcd; Version: v1.10.1"},
)


def test_of_a_model_with_another_text_encoder_no_places_are_counted(visit, address):
    page = visit(PATH)
    for name, settings in OTHER.items():
        says = page.evaluate(SAYS, [address, "a car", settings, False])
        wanted = r"The settings name [^:“]*“[^”]+”: how .* our sources do not say\."
        assert re.fullmatch(wanted, says), (name, says)
    says = page.evaluate(SAYS, [address, "a car", OTHER["an encoder"], False])
    assert "name another text encoder, “t5xxl_fp16.safetensors”: how that reads" in says


def test_of_any_other_model_it_is_said_on_which_terms_places_are_counted(visit, address):
    page = visit(PATH)
    for settings in SAME:
        says = page.evaluate(SAYS, [address, "a car", settings, False])
        assert says == (
            "Read as Stable Diffusion 1.5 reads, it fills at least 2 of the 75 places between"
            " start and end."
        )
    assert page.evaluate(SAYS, [address, "a car", {}, True]).startswith("It fills at least 2 ")
    near = page.evaluate(SAYS, [address, "car " * 60, {}, False])
    assert near.endswith("start and end, so its end may lie beyond them.")
    beyond = page.evaluate(SAYS, [address, "車 " * 90, {}, False])
    assert "needs at least 90 places, and there are 75" in beyond
    assert beyond.endswith("its end lies beyond them.")


def test_of_letters_that_are_not_latin_it_is_said_that_nobody_can_tell(visit, address):
    page = visit(PATH)
    for prompt in ("自動車" * 40, "รถยนต์โครเมียม", "хром", "car 🚗"):
        says = page.evaluate(SAYS, [address, prompt, {}, False])
        assert "this page cannot tell" in says
        assert "at least" not in says


def test_the_settings_of_a_file_decide_whether_its_prompt_is_counted(visit):
    page = visit(PATH)
    line = "a chrome car\nSteps: 9, Sampler: Euler, Seed: 7, Size: 6x4"
    for more, says in (("", "it fills at least 3 of"), (", Model: flux1-dev", "name “flux”")):
        bring(page, png(text("parameters", line + more)))
        page.locator(".own-steps [data-go=settings]").click()
        expect(page.locator("[data-setting=prompt] [data-yours]")).to_contain_text(says)
