"""Text on its way through the theme."""

from html import unescape

import pytest
from markupsafe import Markup

from gen.publish.html.shield import LETTERS, shield, unshield

TEXTS = ["a < b & \"c\" 'd'", "</title><script>x()</script>", "&lt;b&gt;", "🚗 سيارة", ""]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_through_whatever_the_theme_does_to_it(text):
    for themed in (
        shield(text),
        Markup.escape(shield(text)),
        Markup(shield(text)).striptags(),
        "".join([*shield(text)]),
    ):
        html = unshield(str(themed))
        assert unescape(html) == text
        assert not set(html) & set("<>\"'")


def test_a_text_is_one_line_and_cannot_hold_the_letters_of_the_shield():
    assert shield("a\n b" + "".join(LETTERS)) == "a b"
