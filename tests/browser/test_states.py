"""Places of labs in addresses: one grammar, and in data-states all that a lab takes and gives."""

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

SCRIPTS = Path(__file__).parents[2] / "docs" / "assets" / "js"
PATHS = ("/ideas/chrome-studio/", "/comparisons/steps/", "/comparisons/guidance/", "/ideas/")
# What stands in an element's data-states, what it gives by hand, what it leaves out of an address.
GIVEN = """async ([address, path]) => {
    const {parse} = await import(address)
    const states = element => new Set(element.dataset.states.split(" ").map(decodeURIComponent))
    const missing = []
    const say = (element, hash) => {
        const there = states(element)
        const lacks = parse(hash, element.id).filter(state => !there.has(state))
        missing.push(...lacks.map(state => `${element.id}: ${state}`))
    }
    for (const lab of document.querySelectorAll("step-lab")) {
        for (let step = 1; step <= lab.steps; step++) lab.go(step), say(lab, lab.hash())
        for (const word of lab.words) lab.choose(word.dataset.word), say(lab, lab.hash())
        for (const view of lab.panes.keys()) lab.look(view), say(lab, lab.hash())
        for (const event of lab.events) say(lab, `#${lab.id}.${event.dataset.action}`)
    }
    for (const lab of document.querySelectorAll("compare-lab.lab-ready")) {
        for (const one of lab.runs.keys()) for (const other of lab.runs.keys()) {
            if (one === other) continue
            lab.choose(one, other)
            for (let step = 1; step <= lab.steps; step++) lab.go(step), say(lab, lab.hash())
        }
        for (const radio of lab.querySelectorAll("[data-choice=view] input")) {
            lab.look(radio.value), say(lab, lab.hash())
        }
    }
    for (const gallery of document.querySelectorAll("idea-gallery")) {
        for (const box of gallery.boxes) {
            box.click()
            say(gallery, location.hash)
        }
    }
    return missing
}"""
# Each state as a link names it: what the element then gives has it, or its step has that event.
TAKEN = """async address => {
    const {count, format, parse} = await import(address)
    const settled = () => new Promise(done => setTimeout(done, 0))
    const refused = []
    for (const element of document.querySelectorAll("[data-states]")) {
        for (const state of element.dataset.states.split(" ").map(decodeURIComponent)) {
            const pair = [count([state], "a"), count([state], "b")]  // never the same run twice
            const [a, b] = pair.map((run, side) => run ?? (pair[1 - side] === 0 ? 1 : 0))
            const states = /^[ab]-/.test(state) ? [`a-${a}`, `b-${b}`] : [state]
            location.hash = format(element.id, states)
            await settled()
            const chosen = element.boxes?.filter(box => box.checked)
            const own = chosen?.map(box => `${box.dataset.kind}-${box.value}`)
            const now = own ?? parse(element.hash(), element.id)
            const event = element.querySelector?.(`.lab-event[data-action="${state}"]`)
            const there = now.includes(state) || now.includes(`step-${event?.dataset.at}`)
            const silent = state === "view-clean" && !now.some(each => each.startsWith("view-"))
            const longer = count([state], "step") > element.steps  // another pair has it
            if (!there && !silent && !longer) refused.push(`${element.id}: ${state}: ${now}`)
        }
    }
    return refused
}"""
ROUND = """async address => {
    const {count, format, parse, value} = await import(address)
    const words = ["chrome", "a (2)", "v1.5", "50%", "é", "#", "a-b", "<b>", "'s", "\\u8eca"]
    const states = ["step-12", ...words.map(word => `word-${word}`), "half", "guidance-half"]
    const hash = format("lab-x", states)
    return {
        hash,
        fragment: new URL(hash, location).hash,
        same: JSON.stringify(parse(hash, "lab-x")) === JSON.stringify(states),
        others: [parse(hash, "lab"), parse("#lab-x-y.step-1", "lab-x"), parse("", "lab-x")],
        none: parse("#lab-x", "lab-x"),
        broken: parse("#lab-x.word-%E0%A4%A.step-3", "lab-x"),
        old: parse("#lab-x.step-3.word-a%20(2).view-noisy", "lab-x"),
        counts: ["12", "", "x", "1.5"].map(text => count([`step-${text}`], "step")),
        value: [value(states, "word"), value(states, "view")],
    }
}"""


def module(address: str) -> str:
    return f"{address}/assets/js/state.js"


def test_what_is_written_into_an_address_is_read_from_it(visit, address):
    said = visit("/").evaluate(ROUND, module(address))
    assert said["same"]
    assert said["fragment"] == said["hash"]
    assert said["others"] == [None, None, None]
    assert said["none"] == []
    assert said["broken"] == ["step-3"]
    assert said["old"] == ["step-3", "word-a (2)", "view-noisy"]
    assert said["counts"] == [12, None, None, None]
    assert said["value"] == ["chrome", None]


@pytest.mark.parametrize("path", PATHS)
def test_whatever_a_lab_writes_into_the_address_stands_in_its_states(visit, address, path):
    assert visit(path).evaluate(GIVEN, [module(address), path]) == []


@pytest.mark.parametrize("path", PATHS)
def test_a_lab_takes_every_one_of_its_states(visit, address, path):
    assert visit(path).evaluate(TAKEN, module(address)) == []


def test_no_other_script_reads_or_writes_the_grammar():
    """A second copy would read location.hash, or write a dot and a kind, by itself."""
    for path in SCRIPTS.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        if path.name == "state.js":
            continue
        for line in text.splitlines():
            if "location.hash" in line:
                assert re.search(
                    r"parse\(location\.hash, this\.id\)|#level\(location\.hash\)", line
                )
        assert not re.search(r"\.split\(\"\.\"\)|`\.\$\{|`#\$\{this\.id\}|\\\.\(?:?step", text), (
            path.name
        )


def test_no_browser_puts_back_late_what_a_script_has_set_anew(site):
    """Coming back, it would fill in fields once the labs have begun, and say nothing of it."""
    for page in site.rglob("index.html"):
        tree = LexborHTMLParser(page.read_text("utf-8"))
        for field in tree.css(":is(input:not([type=file]), textarea, select)"):
            around = list(parents(field))
            lab = next((each.tag for each in around if "-" in each.tag.strip("-")), None)
            if lab is None or lab == "picture-wipe":  # which reads its fields whenever it is shown
                continue
            here = (field, *(each for each in around if each.tag == "form"))
            assert any(each.attributes.get("autocomplete") == "off" for each in here), field.html


def parents(node):
    while node := node.parent:
        if node.tag and node.tag != "-document":
            yield node
