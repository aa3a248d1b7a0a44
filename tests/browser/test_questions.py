"""Questions people ask: each has an answer of a few lines, whatever else is laid on its words."""

from selectolax.lexbor import LexborHTMLParser

MOST = 230  # letters: little more than three lines
ASIDE = "a.evidence:not(.measured), .evidence-label, .term-card, [popover], .headerlink"


def answers(site) -> dict[str, str]:
    """What stands below each question, without marks and cards."""
    page = LexborHTMLParser((site / "questions" / "index.html").read_bytes())
    for mark in page.css(ASIDE):
        mark.decompose()
    said: dict[str, list[str]] = {}
    for element in page.css("article h2, article h2 ~ p"):
        if element.tag == "h2":
            said[element.text(strip=True)] = []
        elif said:
            said[list(said)[-1]].append(" ".join(element.text().split()))
    return {question: " ".join(lines) for question, lines in said.items()}


def test_an_answer_is_a_few_lines_as_the_page_says(site):
    said = answers(site)
    assert len(said) > 15 and all(len(answer) > 60 for answer in said.values())
    assert {question: len(answer) for question, answer in said.items() if len(answer) > MOST} == {}
