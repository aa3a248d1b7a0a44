"""Text on its way through the theme, which would set a title as if it were HTML.

The theme takes tags away, joins, escapes or leaves what it is given, each in its own place. So
every mark of HTML becomes a letter that no text has, and an entity once the page is made.
"""

ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
LETTERS = {chr(0x10FFF0 + place): mark for place, mark in enumerate(ENTITIES)}  # never assigned
_AWAY = str.maketrans({mark: letter for letter, mark in LETTERS.items()} | dict.fromkeys(LETTERS))


def shield(text: str) -> str:
    """A text as the theme is given it, on one line: nothing in it is HTML."""
    return " ".join(text.split()).translate(_AWAY)


def unshield(html: str) -> str:
    """A page, or an index of pages, as the theme made it, with the text as text again."""
    for letter, mark in LETTERS.items():
        html = html.replace(letter, ENTITIES[mark])
    return html
