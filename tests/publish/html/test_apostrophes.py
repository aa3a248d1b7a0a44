"""Apostrophes are round in text, and only there."""

import pytest

from gen.publish.html.apostrophes import set_round


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<td>McNemar's exact test</td>", "<td>McNemar’s exact test</td>"),
        ("<td>the word&#39;s place</td>", "<td>the word’s place</td>"),
        ("<p>the renders' own, Alizés'\nend</p>", "<p>the renders’ own, Alizés’\nend</p>"),
        ("it's <em>it's</em> it's", "it’s <em>it’s</em> it’s"),
        ("<td>SD 1.5&#x27;s and&apos;s</td>", "<td>SD 1.5’s and’s</td>"),
    ],
)
def test_in_text_they_are_round(written, shown):
    assert set_round(written) == shown


@pytest.mark.parametrize(
    "kept",
    [
        "<script>say('it's')</script>",
        "<SCRIPT type=\"module\">a > b; s = 'it's'</SCRIPT>",
        "<style>a::after { content: 's' }</style>",
        "<p><code>it's</code> and <kbd>it's</kbd></p>",
        "<pre>the renders' own</pre><textarea>it's</textarea>",
        "<!-- it's > the renders' own -->",
        '<a title="it\'s > the renders\' own" data-x=\'{"a": "b > c"}\'>so</a>',
        "<p>'quoted', 'words', 5' 3, and f'(x)</p>",
        "<p>'cars' and 'vans' here</p>",
    ],
)
def test_what_is_no_text_and_no_apostrophe_stays(kept):
    assert set_round(kept) == kept
