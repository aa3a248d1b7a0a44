"""Our strict build against plain mkdocs-material over as many pages, words and images.

    .venv/bin/python benchmarks/site.py [--repeats 5] [--json]

The plain project is written into a temporary folder from one build of ours: the same theme and
Markdown extensions, search, every page as plain text with the words and images that ours shows,
every image copied; no hook, no script of ours. Builds take turns, so that whatever else the
machine does falls on both; the first of each is not counted. Promise: at most 1.7 times as long.
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import unquote, urljoin

import click
import yaml
from mkdocs.utils.yaml import yaml_load
from selectolax.lexbor import LexborHTMLParser

ROOT = Path(__file__).parents[1]
PICTURES = {".avif", ".gif", ".jpg", ".png", ".svg", ".webp"}
PROMISE = 1.7


@click.command(help=__doc__.partition("\n")[0])
@click.option("--repeats", type=click.IntRange(min=1), default=5, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def main(repeats: int, as_json: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ours, plain = Path(folder, "ours"), Path(folder, "plain")
        build(ROOT, ours)
        made = write_plain(ours, plain)
        build(plain, plain / "site")  # a warm start for both
        times = {"ours": [], "plain": []}
        for _ in range(repeats):
            times["ours"].append(build(ROOT, ours))
            times["plain"].append(build(plain, plain / "site"))
    wall, cpu = (
        {name: statistics.median(run[unit] for run in runs) for name, runs in times.items()}
        for unit in (0, 1)
    )
    found = made | {
        "repeats": repeats,
        "seconds": wall,
        "cpu_seconds": cpu,
        "ratio": wall["ours"] / wall["plain"],
        "cpu_ratio": cpu["ours"] / cpu["plain"],
    }
    click.echo(json.dumps(found, indent=1) if as_json else told(found))
    sys.exit(found["ratio"] > PROMISE)


def build(project: Path, site: Path) -> tuple[float, float]:
    """Seconds of the clock and of the processor that one build in a fresh process takes."""
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    quiet.pop("PYTHONDONTWRITEBYTECODE", None)  # what pip installed is compiled, ours may be too
    began, used = time.perf_counter(), processor()
    subprocess.run([*mkdocs, "--site-dir", site], cwd=project, env=quiet, check=True)
    return time.perf_counter() - began, processor() - used


def processor() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def write_plain(built: Path, plain: Path) -> dict[str, int]:
    """The same pages, words and images without anything of ours; returns how many of each."""
    docs = plain / "docs"
    docs.mkdir(parents=True)
    (plain / "mkdocs.yml").write_text(yaml.safe_dump(plain_settings()), encoding="utf-8")
    pictures = [path for path in (ROOT / "docs").rglob("*") if path.suffix in PICTURES]
    for picture in pictures:
        there = docs / picture.relative_to(ROOT / "docs")
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture, there)
    pages = sorted(built.rglob("index.html"))
    words = shown = 0
    for page in pages:
        where = page.parent.relative_to(built)
        article = LexborHTMLParser(page.read_text(encoding="utf-8")).css_first("article")
        images = [src for src in map(source, article.css("img")) if src and known(where, src, docs)]
        for hidden in article.css("script, style"):
            hidden.decompose()
        said = article.text(separator=" ").split()
        words, shown = words + len(said), shown + len(images)
        target = docs / where / "index.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(markdown(where, said, images), encoding="utf-8")
    return {"pages": len(pages), "words": words, "shown": shown, "images": len(pictures)}


def plain_settings() -> dict:
    """Our theme, features and Markdown extensions; search alone, and no template of ours."""
    with (ROOT / "mkdocs.yml").open(encoding="utf-8") as file:
        given = yaml_load(file)
    ours = {"custom_dir", "logo", "favicon"}
    return {
        "site_name": "Plain",
        "strict": True,
        "theme": {name: value for name, value in given["theme"].items() if name not in ours},
        "extra": given["extra"],
        "markdown_extensions": given["markdown_extensions"],
        "plugins": ["search"],
    }


def source(image) -> str | None:
    return image.attributes.get("src")


def known(where: Path, src: str, docs: Path) -> bool:
    """Whether an image is one of the copied ones, and not drawn into the page."""
    return (docs / urljoin(f"/{where.as_posix()}/", unquote(src)).lstrip("/")).is_file()


def markdown(where: Path, words: list[str], images: list[str]) -> str:
    """A title, the images, and the words in paragraphs of sixty, less Markdown's marks."""
    plain = ["".join(mark if mark.isalnum() else "·" for mark in word) for word in words]
    paragraphs = [" ".join(plain[at : at + 60]) for at in range(0, len(plain), 60)]
    pictures = [f"![A picture]({src})" for src in images]
    return "\n\n".join([f"# {where.name or 'Home'}", *pictures, *paragraphs]) + "\n"


def told(found: dict) -> str:
    lines = ["{pages} pages, {words} words, {shown} of {images} images shown".format(**found)]
    for name in ("ours", "plain"):
        wall, cpu = found["seconds"][name], found["cpu_seconds"][name]
        lines.append(f"{name:6} median {wall:.2f} s, {cpu:.2f} s of processor")
    lines.append(
        f"ratio  {found['ratio']:.2f} (processor {found['cpu_ratio']:.2f}), "
        f"promised at most {PROMISE:.1f}, {found['repeats']} builds of each"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
