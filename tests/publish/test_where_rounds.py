"""Rounds of bodywork alone: what the record says of them, and the page that lets them be tried."""

from pathlib import Path

import yaml

from gen.core.measured import Measurement, Row
from gen.publish import elements, templating
from gen.publish.draft import Draft
from gen.publish.where import PAINTS, WORLDS, _rounds, _tally, where_shown

ROUNDS = (("desert", "mirror", "desert"), ("snow", "glossy", "desert"), ("forest", "matte", "snow"))


def measurement() -> Measurement:
    rows = [
        Row(f"round-{k}", "", world, finish, 0.0, None, None, 1, "right", f"the judge says {said}")
        for k, (world, finish, said) in enumerate(ROUNDS)
    ]
    return Measurement("where", "", "", "", "", (), tuple(rows), ())


def test_the_record_says_each_round_and_paints_are_counted_apart():
    rounds = list(_rounds(measurement()))
    assert [(r.world, r.finish, r.judged) for r in rounds] == list(ROUNDS)
    assert [_tally(rounds, (finish,)).judged for finish in PAINTS] == [1, 0, 0]
    every = _tally(rounds, PAINTS)
    assert (every.finish, every.rounds, every.judged, every.chance) == ("all", 3, 1, 0.5)


def test_every_round_offers_every_world_and_shows_no_more_than_the_bodywork():
    rounds = list(_rounds(measurement()))
    states = tuple(elements.ELEMENTS["where"].states(rounds=rounds))
    assert states == ("round-1", "round-2", "round-3")
    worlds, tallies = ["desert", "forest", "snow"], [_tally(rounds, PAINTS)]
    what = {"rounds": rounds, "worlds": worlds, "tallies": tallies, "states": states}
    html = templating.html("where.html.j2", id="where", src="m/where-", size=(384, 256), **what)
    before, answers = html.split("<details")
    assert before.count("-body.webp") == 3 and "-whole.webp" not in before
    assert answers.count("-whole.webp") == 3, "all that a reader without a script is told"
    assert before.count('class="control" value=') == 3 * len(worlds)


def test_all_worlds_that_are_painted_can_be_chosen_whichever_the_rounds_show():
    recipe = Path(__file__).parents[2] / "sources" / "study.yml"
    worlds = yaml.safe_load(recipe.read_text("utf-8"))["render"]["worlds"]
    assert sorted(worlds) == list(WORLDS)


def test_another_page_shows_the_last_mirror_wiped_over_its_whole_picture(materials):
    rounds = _rounds(materials.measurements["where"])
    last = max(r.number for r in rounds if r.finish == "mirror")
    draft = Draft(materials, "measurements/agreement.md")
    html = where_shown(draft, "where") + "".join(map(str, draft.blocks))
    assert f"where-{last}-body.webp" in html and f"where-{last}-whole.webp" in html
    assert html.count("<picture-wipe") == 1
