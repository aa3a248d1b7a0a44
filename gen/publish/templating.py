"""Jinja2 for prose and templates: what their filters are, and that each is compiled once."""

import re
from functools import cache, partial

from jinja2 import (
    ChoiceLoader,
    DictLoader,
    Environment,
    PackageLoader,
    StrictUndefined,
    Template,
    Undefined,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gen.core.errors import BadProse
from gen.publish import idea_tags, wording
from gen.publish.blanks import replaced
from gen.publish.claims import CITATION
from gen.publish.pictures import smaller, upscaled
from gen.publish.template_cache import at_render

CITE = re.compile(rf"[ \t]*{CITATION.pattern}")
DOT = re.compile(r" (?=\{\{ (?:ours|made)\(\) \}\})")


def html(template: str, **arguments: object) -> str:
    """An HTML template, rendered as one block that Markdown leaves alone: no line is empty."""
    rendered = environment().get_template(template).render(**arguments)
    return "\n".join(line for line in rendered.splitlines() if line.strip())


def source(template: str) -> str:
    """The text of a page template."""
    loader = environment().loader
    assert loader is not None
    return loader.get_source(environment(), template)[0]


@cache
def compiled(name: str, text: str) -> Template:
    """A page's text as a template of this name, its citation marks as calls of `cite`."""
    texts = DictLoader({name: _marks_at_their_words(text)})
    loader = prose().loader
    assert loader is not None
    return prose().overlay(loader=ChoiceLoader((texts, loader))).get_template(name)


def _marks_at_their_words(text: str) -> str:
    """Citation marks as calls of `cite`, close to the word before; a dot never begins a line."""
    cited = replaced(CITE, lambda mark: f'{{{{ cite("{mark[1]}") }}}}', text)
    return DOT.sub("\u00a0", cited)


@cache
def environment() -> Environment:
    """For HTML templates: they are ours."""
    return _set_up(Environment)


@cache
def prose() -> Environment:
    """For the text of pages, which may name what it is given and nothing behind that."""
    jinja = _set_up(ImmutableSandboxedEnvironment)
    jinja.finalize = _called
    return jinja


def _called(value: object) -> object:
    """What a mark gives the page. Raises BadProse for one whose brackets were left out."""
    if callable(value) and not isinstance(value, (partial, Undefined)):  # these say it themselves
        name = getattr(value, "__name__", "it").removeprefix("safe_")
        raise BadProse(f"{name}: is a mark without its brackets; write {name}(…)")
    return value


def _set_up(kind: type[Environment]) -> Environment:
    """An HTML template escapes what it is given; prose and page templates are Markdown."""
    jinja = kind(
        loader=PackageLoader("gen.publish"),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name) and str(name).endswith((".html.j2", ".svg.j2")),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    sizes = (wording.shape, wording.count, wording.figure, wording.bears)
    words = (wording.plain, wording.quoted, *sizes, idea_tags.slug)
    jinja.filters |= {word.__name__: at_render(word) for word in words}
    jinja.globals |= {"picture_file": upscaled.FILE, "picture_width": upscaled.WIDTH}
    jinja.globals |= {"card_file": smaller.CARD, "card_width": smaller.CARD_WIDTH}
    return jinja
