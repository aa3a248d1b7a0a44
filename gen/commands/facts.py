"""Commands about facts: check them against a clone, print the entry of a new one."""

import re
from pathlib import Path

import click

from gen.commands.shared import project
from gen.core.errors import BadInput


@click.command()
@click.option(
    "--clone",
    type=click.Path(path_type=Path),
    help="Of the cited repository; without it, facts are left out.",
)
def check(clone: Path | None) -> None:
    """Checks facts against a clone, what optional captures weigh, links of the built site."""
    from gen.core.weighed import LARGEST, weighed
    from gen.publish import citations
    from gen.publish.html import links

    root, inputs = project()
    for source in inputs.sources:
        if clone and source.kind == "github":
            count = citations.check_clone(source, clone)
            click.echo(f"{source.id}: {count} facts stand where they are said to")
    for model, size in weighed(root, inputs).items():
        click.echo(f"{model}: {size / 1e6:.1f} of {LARGEST / 1e6:.0f} MB of captures")
    pages = links.check_site(root / "site", inputs.sources)
    click.echo(f"site: {pages} pages, every link allowed and alive")


@click.command()
@click.argument("path")
@click.argument("lines")
@click.argument("says")
@click.option(
    "--clone", type=click.Path(path_type=Path), required=True, help="Of the cited repository."
)
def fact(path: str, lines: str, says: str, clone: Path) -> None:
    """Prints the entry of a new fact: LINES (7 or 7-9) of PATH, one of which SAYS it."""
    from gen.core.sources import Lines
    from gen.publish import citations

    _, inputs = project()
    source = next(source for source in inputs.sources if source.kind == "github")
    match = re.fullmatch(r"([1-9]\d{0,6})(?:-([1-9]\d{0,6}))?", lines)
    if not match or int(match[2] or match[1]) < int(match[1]):
        raise BadInput(f"{lines}: no lines; write 7 or 7-9")
    cited = Lines(path, int(match[1]), int(match[2] or match[1]))
    click.echo(citations.entry(source, clone, cited, says), nl=False)
