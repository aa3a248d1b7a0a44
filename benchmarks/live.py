"""Every kept capture painted again in Chromium, from the built site, and what that takes.

    .venv/bin/python benchmarks/live.py [IDEA...] [--site site] [--times 5]

Says of each picture by how much it lies apart from the kept one, then the least of five: a guided
step, a decoded picture, twenty steps with the last picture alone, memory; and the longest task
that held up the page to paint on, from the click to the picture. `--model FOLDER --size WIDTH
HEIGHT` times another pipeline's folder instead.
"""

import json
import shutil
import tempfile
from pathlib import Path

import click
from playwright.sync_api import Page, sync_playwright
from served import QUIET, ROOT, SITE, chromium, served

from gen.publish import materials, painting

SETTLES, PATIENCE = 2_000, 600_000  # milliseconds that the page is left alone, and may paint
AGAIN = """async ([asked, kept]) => {
    const { paintOnce } = await import("/assets/js/live/once.js")
    const picture = await paintOnce(asked, () => {})
    const image = await createImageBitmap(await (await fetch(kept)).blob())
    const { width, height } = image
    const canvas = Object.assign(document.createElement("canvas"), { width, height })
    const context = canvas.getContext("2d", { willReadFrequently: true })
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, width, height)
    const apart = picture.map((value, i) => Math.abs(value - data[i]))
    const most = apart.reduce((high, value) => Math.max(high, value), 0)
    return [most, 4 / 3 * apart.filter(Boolean).length / apart.length]
}"""
TIMES = """async ([folder, size, times, sampler]) => {
    const { decoder, loop } = await import("/assets/js/live/pipeline.js")
    const { Run } = await import("/assets/js/live/run.js")
    const parts = await loop(folder, size, () => {})
    const half = await decoder(folder, size, () => {})
    const least = { step: Infinity, picture: Infinity, twenty: Infinity }
    const clock = (name, work) => {
        const began = performance.now()
        const made = work()
        least[name] = Math.min(least[name], performance.now() - began)
        return made
    }
    for (let turn = 0; turn < times; turn++) {
        const plan = [{ at: 0, prompt: "a chrome car in a studio, side view", guidance: 4 }]
        clock("twenty", () => {
            const run = new Run(parts, { negative: "", seed: 1, steps: 20, sampler, plan })
            let told
            while (!run.done) told = clock("step", () => run.step())
            clock("picture", () => half.decoder.run(told.clean))
            run.end()
        })
    }
    return { ...least, loop: parts.memory.bytes, decoder: half.memory.bytes }
}"""


@click.command(help=__doc__.partition("\n")[0])
@click.argument("ideas", nargs=-1, metavar="[IDEA]...")
@click.option("--site", type=click.Path(path_type=Path), default=SITE, help="A built site.")
@click.option("--times", default=5, help="How often each time is taken.")
@click.option("--model", type=click.Path(path_type=Path), help="A folder to be timed instead.")
@click.option("--size", type=(int, int), default=(384, 256), help="Of its pictures.")
def main(
    ideas: tuple[str, ...], site: Path, times: int, model: Path | None, size: tuple[int, int]
) -> None:
    read = materials.read(ROOT)
    program = chromium()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        root = Path(scratch, "site")
        shutil.copytree(site, root, copy_function=shutil.copy)
        if model:
            shutil.copytree(model, root / "model")
        with served(root) as address:
            browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
            page = browser.new_page()
            page.goto(f"{address}/assets/licences.txt")
            if not model:
                compare(page, read, ideas)
            folder = f"{address}/model/" if model else f"{address}/{read.painter.folder}/"
            tell(page.evaluate(TIMES, [folder, sides(read, model, size), times, "DDIMScheduler"]))
            if not model:
                blocked(page, address)
            browser.close()


def compare(page: Page, read: materials.Materials, ideas: tuple[str, ...]) -> None:
    """One line a capture that a browser can paint."""
    shares = []
    for prompt, key in read.keys.items():
        capture = read.captures.get(key or "")
        if not capture or not read.painter.can(capture) or (ideas and prompt.id not in ideas):
            continue
        settings = json.dumps(painting.settings(capture))
        size = f"{prompt.width} {prompt.height}"
        asked = {"folder": f"/{read.painter.folder}/", "size": size, "settings": settings}
        most, share = page.evaluate(AGAIN, [asked, f"/captures/{key}/{capture.final}"])
        shares.append(share)
        click.echo(f"{prompt.id}: at most {most} of 255, {100 * share:.4f} % of the values differ")
    if not shares:
        raise click.UsageError("no kept capture of these names can be painted in a browser")
    mean = 100 * sum(shares) / len(shares)
    click.echo(
        f"{len(shares)} captures, {mean:.4f} % on average, {100 * max(shares):.4f} % at most"
    )


def blocked(page: Page, address: str) -> None:
    """The longest task of the page's own thread from the click to the picture."""
    page.goto(f"{address}/paint/")
    page.wait_for_selector("paint-lab.paint-ready")
    page.wait_for_timeout(SETTLES)
    browser = page.context.browser
    browser.start_tracing(page=page, categories=["disabled-by-default-devtools.timeline"])
    page.click(".paint-go")
    page.wait_for_selector("[data-run=a] [data-action=read]:visible", timeout=PATIENCE)
    took, worked = longest(json.loads(browser.stop_tracing())["traceEvents"])
    click.echo(f"longest task of the page: {took:.0f} ms, of which it worked {worked:.0f}")


def longest(events: list[dict]) -> tuple[float, float]:
    """Milliseconds by the clock and of the processor; on a busy machine the first says little."""
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = [
        (event["dur"] / 1000, event.get("tdur", 0) / 1000)
        for event in events
        if (event["name"], event["ph"]) == ("RunTask", "X")
        and (event["pid"], event["tid"]) in threads
    ]
    return max(took for took, _ in tasks), max(worked for _, worked in tasks)


def sides(read: materials.Materials, model: Path | None, size: tuple[int, int]) -> dict[str, int]:
    """Width and height of what is timed: the captures', unless it is another model."""
    first = next(iter(read.captures.values())).prompt
    width, height = size if model else (first.width, first.height)
    return {"width": width, "height": height}


def tell(least: dict[str, float]) -> None:
    for name in ("step", "picture", "twenty"):
        click.echo(f"{name}: {least[name]:.0f} ms")
    for name in ("loop", "decoder"):
        click.echo(f"memory of the {name}: {least[name] / 2**20:.0f} MiB")


if __name__ == "__main__":
    main()
