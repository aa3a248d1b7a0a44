"""A page as the theme made it -> the page that ships, parsed once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser

from gen.publish.elements import ELEMENTS, scripts, styles
from gen.publish.html import accessible_names, content, csp, placeholders
from gen.publish.html.apostrophes import set_round
from gen.publish.html.content import Content, Use
from gen.publish.html.scripts import Scripts
from gen.publish.html.shield import unshield
from gen.publish.page import Page, up

END_OF_HEAD = "</head>"
NO_SCRIPTS = Scripts()


@dataclass(frozen=True)
class Finished:
    """A page that ships, what it holds, and what a browser would refuse of it."""

    html: str
    content: Content
    problems: tuple[str, ...]


def finish(html: str, page: Page, preview: bool = False, known: Scripts = NO_SCRIPTS) -> Finished:
    """Puts a page's blocks in their places, its elements' files into its head, names and policy.

    The policy names those of its inline scripts that are `known`; any other is a problem. In a
    preview it has none: MkDocs adds a script to each page as it serves it, which no policy could
    name. Raises BadProse for a block that lost its place.
    """
    html = set_round(placeholders.put_back(page.path, unshield(html), page.blocks))
    tree = LexborHTMLParser(html)
    parsed = content.read(tree)
    tags = dict(_tags(page))
    named = accessible_names.with_menu(accessible_names.with_names(html, tree))
    html = accessible_names.with_way(named, tree)
    html = html.replace(END_OF_HEAD, "".join(f"  {tag}\n  " for tag in tags) + END_OF_HEAD, 1)
    strange = csp.strange(parsed, known)
    problems = [*_strangers(parsed, page), *map(_line, strange), *csp.refused(parsed)]
    if not preview:
        html = csp.sealed(html, set(parsed.scripts) - set(strange))
        problems += [] if csp.META in html else [csp.LACKING]
    return Finished(html, replace(parsed, uses=(*parsed.uses, *tags.values())), tuple(problems))


def _tags(page: Page) -> Iterator[tuple[str, Use]]:
    """The tags that load what the page's elements declare, each with the address it uses."""
    top = up(page.path)
    for sheet in styles(page.elements):
        yield f'<link rel="stylesheet" href="{top}{sheet}">', Use("link", f"{top}{sheet}", True)
    for script in scripts(page.elements):
        tag = f'<script src="{top}{script}" type="module"></script>'
        yield tag, Use("script", f"{top}{script}", True)


def _line(script: str) -> str:
    """What is wrong with a script that no template has."""
    start = " ".join(script.split())[:40]
    return f"<script> {start!r} is neither the theme's nor ours; remove it"


def _strangers(parsed: Content, page: Page) -> Iterator[str]:
    """Elements of ours that a person typed: nothing would bring them to life."""
    for name, element in ELEMENTS.items():
        if element.tag in parsed.tags and name not in page.elements:
            yield f"<{element.tag}> stands there without its files; let a macro make it"
