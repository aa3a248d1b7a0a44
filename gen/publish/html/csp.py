"""The content security policy of a page: its own host alone, no script that it does not name."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256

from selectolax.lexbor import LexborHTMLParser

from gen.publish.html import content
from gen.publish.html.content import Content
from gen.publish.html.scripts import Scripts

HEAD = '<meta charset="utf-8">'  # the policy stands behind it, ahead of all that loads
POLICY = "content-security-policy"
META = '<meta http-equiv="Content-Security-Policy"'  # how ours begins
# What no page needs: it holds, loads or moves another page, or is read in two ways by two parsers.
_REFUSED = (
    "animate animatemotion animatetransform applet base bgsound embed fencedframe foreignobject "
    "frame frameset iframe noembed noframes noscript object plaintext portal set template "
    "xmp"
)
REFUSED = frozenset(_REFUSED.split())
LACKING = f"has no content security policy; the theme's page must hold {HEAD}"


def sealed(html: str, scripts: Iterable[str]) -> str:
    """A page with the policy that allows these inline scripts of its and no others."""
    hashes = sorted({f"'{_hash(script)}'" for script in scripts})
    meta = f'\n      {META} content="{_policy(hashes)}">'
    return html.replace(HEAD, HEAD + meta, 1)


def strange(page: Content, scripts: Scripts) -> list[str]:
    """The inline scripts of a page that no template has."""
    return [script for script in page.scripts if not scripts.knows(script)]


def refused(page: Content) -> Iterator[str]:
    """One line for all that no policy of ours allows, wherever it stands on a page."""
    for tag in sorted(page.tags & REFUSED):
        yield f"<{tag}> is not allowed; remove it"
    for asks in page.sent_on:
        yield f'<meta http-equiv="{asks}"> is not allowed; remove it'
    for handler in page.handlers:
        yield f"<{handler}> holds a script; the policy allows none there"
    if "style" in page.tags:
        yield "<style> is not allowed; give it a file under docs/assets/css"


def problems(html: str) -> Iterator[str]:
    """What a browser would refuse to run on a finished page, and the lack of a policy."""
    tree = LexborHTMLParser(html)
    page = content.read(tree)
    meta = tree.css_first('head meta[http-equiv="Content-Security-Policy"]')
    if meta is None:
        yield LACKING
        return
    allowed = meta.attributes["content"] or ""
    for script in page.scripts:
        if f"'{_hash(script)}'" not in allowed:
            yield f"the policy does not allow the inline script {script.strip()[:40]!r}"
    yield from refused(replace(page, sent_on=tuple(a for a in page.sent_on if a != POLICY)))


def _policy(hashes: list[str]) -> str:
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *hashes)),
            # Attributes only: the frames of a lab's sheets are placed by them, so that they show
            # without a script. The theme needs none; it sets styles through the object model.
            "style-src 'self' 'unsafe-inline'",
            "style-src-elem 'self'",
            "img-src 'self' data:",  # the theme's style sheets hold small drawings
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )


def _hash(script: str) -> str:
    return "sha256-" + b64encode(sha256(script.encode()).digest()).decode()
