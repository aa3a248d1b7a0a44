"""The content security policy of a page: its own host alone, no script that it does not name."""

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256

from selectolax.lexbor import LexborHTMLParser

DATA = re.compile(r"\w+/(?:\w+\+)?json")  # a script that is data: it never runs
HEAD = '<meta charset="utf-8">'  # the policy stands behind it, ahead of all that loads
META = '<meta http-equiv="Content-Security-Policy"'  # how ours begins
OURS = re.compile(rf"\s*{META}[^>]*>")  # slow on a page that has none


def sealed(html: str) -> str:
    """A page with the policy that allows its own inline scripts and no others."""
    bare = OURS.sub("", html) if META in html else html
    tree = LexborHTMLParser(bare)
    hashes = sorted({f"'{_hash(script)}'" for script in _scripts(tree)})
    meta = f'\n      {META} content="{_policy(hashes)}">'
    return bare.replace(HEAD, HEAD + meta, 1)


def problems(html: str) -> Iterator[str]:
    """What a browser would refuse to run on a page, and the lack of a policy."""
    tree = LexborHTMLParser(html)
    meta = tree.css_first('head meta[http-equiv="Content-Security-Policy"]')
    if meta is None:
        yield f"has no content security policy; the theme's page must hold {HEAD}"
        return
    allowed = meta.attributes["content"]
    for script in _scripts(tree):
        if f"'{_hash(script)}'" not in allowed:
            yield f"the policy does not allow the inline script {script.strip()[:40]!r}"
    for element in tree.css("*"):
        for name, value in element.attributes.items():
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                yield f"<{element.tag} {name}> holds a script; the policy allows none there"
    if tree.css_first("style"):
        yield "<style> is not allowed; give it a file under docs/assets/css"


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


def _scripts(tree: LexborHTMLParser) -> list[str]:
    """The inline scripts that a browser would run, letter for letter."""
    return [
        script.text(strip=False)
        for script in tree.css("script:not([src])")
        if not DATA.fullmatch(script.attributes.get("type") or "")
    ]


def _hash(script: str) -> str:
    return "sha256-" + b64encode(sha256(script.encode()).digest()).decode()
