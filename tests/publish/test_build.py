"""Building is a function: the same materials give the same pages, ledger, navigation and files."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from gen.core.errors import BadProse
from gen.publish import book, claims
from gen.publish.build import Built, build, claims_of
from gen.publish.drawing import Plan
from gen.publish.materials import Materials

TRIED = ["try.md", "paint.md", "ball.md", "measurements/where.md", "measurements/turning.md"]


def paths(nav) -> list[str]:
    """Every page of a navigation, in order."""
    found = []
    for item in nav:
        found += [item] if isinstance(item, str) else paths(*item.values())
    return found


def test_the_same_materials_give_the_same_site(materials, built):
    assert build(materials) == built


def test_every_page_has_one_place_in_the_navigation(built):
    assert sorted(paths(built.nav)) == sorted(built.pages)
    assert len(set(paths(built.nav))) == len(paths(built.nav))


def test_five_tabs_hold_every_page_and_each_begins_with_one(built):
    assert [len(tab) for tab in built.nav] == [1] * 5
    assert {type(pages) for tab in built.nav for pages in tab.values()} == {list}
    assert paths(built.nav)[0] == "index.md"


def test_what_a_reader_can_try_stands_in_one_tab_and_the_story_leads_through_it(built):
    (tab,) = (tab["Try it"] for tab in built.nav if "Try it" in tab)
    assert tab[:6] == [*TRIED, "your-picture.md"]
    at = built.story.index("try.md")
    assert list(built.story[at : at + 6]) == tab[:6]


def test_the_story_goes_through_the_tabs_in_their_order_and_ends_with_what_to_check(
    materials, built
):
    places = {path: at for at, tab in enumerate(built.nav) for path in paths([tab])}
    *middle, end = built.story
    assert (middle[0], end) == ("index.md", "check.md")
    assert [places[path] for path in middle] == sorted(places[path] for path in middle)
    assert {places[path] for path in middle} == {0, 1, 2, 3}
    without = replace(materials, measurements={}, prose={"index.md": materials.prose["index.md"]})
    assert book.story(without) == ("index.md", "ideas/index.md")


def test_a_measurement_that_is_tried_stands_with_the_others_while_nobody_wrote_of_it(materials):
    some = {"where": materials.measurements["where"]}
    nav = book.nav(replace(materials, measurements=some, prose={"index.md": "# Home"}))
    (tab,) = (tab["How do we know?"] for tab in nav if "How do we know?" in tab)
    assert tab[0] == {"Measurements": ["measurements/index.md", "measurements/where.md"]}


def test_measurements_stand_as_their_index_lists_them_under_its_headings(materials):
    known = list(materials.measurements)[:4]
    first, second, third, unlisted = known
    some = {id: materials.measurements[id] for id in known}
    text = f"# All\n\n## Later\n\n- [C]({third}.md)\n\n## Sooner\n\n- [A]({first}.md), {second}\n"
    text += f"- [B]({second}.md) and again [C]({third}.md)\n"
    prose = {"index.md": "# Home", "measurements/index.md": text}
    nav = book.nav(replace(materials, measurements=some, prose=prose))
    (tab,) = (tab for tab in nav if "How do we know?" in tab)
    index, *groups, rest = tab["How do we know?"][0]["Measurements"]
    assert index == "measurements/index.md"
    assert groups == [
        {"Later": [f"measurements/{third}.md"]},
        {"Sooner": [f"measurements/{first}.md", f"measurements/{second}.md"]},
    ]
    assert rest == f"measurements/{unlisted}.md"


def test_the_page_of_the_sources_names_every_page_that_cites_a_fact(materials, built):
    for source in materials.inputs.sources:
        for fact in source.facts:
            entry = built.pages["sources.md"].text.partition(f'id="{source.id}-{fact.id}"')[2]
            used = entry.partition("</dd>")[0].partition("used on")[2]
            pages = built.ledger.uses[source.id, fact.id]
            assert used.count("<a href=") == len(pages) > 0
            assert all(page.facts for page in map(built.pages.get, pages))


def test_a_page_that_stops_citing_leaves_the_ledger_and_what_nobody_cites_is_refused(materials):
    used = build(materials).ledger.uses
    once = {ids: paths[0] for ids, paths in used.items() if len(paths) == 1}
    (path, ids) = next(
        (path, ids)
        for ids, path in sorted(once.items())
        if any(cited(*ids) in paragraph and not re.search(r"\d", paragraph.replace(cited(*ids), ""))
               for paragraph in materials.prose[path].split("\n\n"))
    )  # fmt: skip
    text = materials.prose[path].replace(cited(*ids), "{{ ours() }}")
    without = replace(materials, prose={**materials.prose, path: text})
    with pytest.raises(BadProse, match=f"{':'.join(ids)}: no page cites it"):
        build(without)
    assert ids not in build(replace(without, preview=True)).ledger.uses


def cited(source: str, fact: str) -> str:
    """The mark of one fact alone."""
    return f"[@{source}:{fact}]"


def test_the_template_of_many_pages_claims_its_things_once():
    text = "It is so. {{ ours() }}"
    plans = [Plan("ideas/a.md", text), Plan("ideas/b.md", text), Plan("c.md", f"{text}\n\n{text}")]
    assert claims_of(plans) == {"ours": 3}


def test_the_line_at_the_foot_counts_the_claims_of_prose_and_templates(materials, built):
    texts = list(materials.prose.values())
    own = Path(claims.__file__).parent.joinpath("templates").glob("*.md.j2")
    texts += [path.read_text(encoding="utf-8") for path in own]
    total = sum(claims.count(text).total() for text in texts)
    unused = claims.count(template("measurements"))  # prose takes the place of this page
    told = sum(map(int, re.findall(r"\d+", built.claims)))
    assert told == total - unused.total()


def template(name: str) -> str:
    path = Path(claims.__file__).parent / "templates" / f"{name}.md.j2"
    return path.read_text(encoding="utf-8")


def test_a_capture_has_curves_and_picture_beside_it_and_strip_and_clip_where_a_page_shows_them(
    materials, built
):
    shown = {
        "strip.webp": built.ledger.strips,
        "loop.webp": built.ledger.loops,
    }
    names = {key: set() for key in materials.captures}
    for file in built.files:
        if file.startswith("captures/"):
            names[file.split("/")[1]].add(file.split("/")[2])
    for key, files in names.items():
        more = {name for name, keys in shown.items() if key in keys}
        assert files == {"curves.csv", "shown.webp", "small.webp"} | more
    assert [len(keys) for keys in shown.values()] == [3, 1], "three runs are on axes of steps"


def test_a_page_without_a_picture_of_its_own_has_the_site_s_card(built):
    assert built.card("ideas/chrome-studio.md").file == "assets/cards/ideas-chrome-studio.jpg"
    assert built.card("task.md") == built.card("") == built.cards[""]
    assert {card.file for card in built.cards.values()} <= set(built.files)


def test_a_preview_says_what_is_missing_where_a_build_stops(materials: Materials, built: Built):
    missing = next(iter(materials.captures))
    captures = {key: capture for key, capture in materials.captures.items() if key != missing}
    pages = build(replace(materials, captures=captures, preview=True)).pages
    assert any("There is no capture of" in page.text for page in pages.values())
    assert not any("There is no capture of" in page.text for page in built.pages.values())
