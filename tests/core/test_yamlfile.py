"""gen/core/yamlfile.py: what is no YAML, and what names are near."""

import pytest

from gen.core import yamlfile
from gen.core.errors import BadInput
from gen.core.yamlfile import Schema, closest, nearest


class Wheel(Schema):
    spokes: int


class Car(Schema):
    doors: int
    wheels: dict[str, Wheel]


def read(tmp_path, data: bytes, shape: type = Car) -> object:
    path = tmp_path / "car.yml"
    path.write_bytes(data)
    return yamlfile.read(path, "sources/car.yml", shape)


def refusal(tmp_path, data: bytes) -> list[str]:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, data)
    return str(refused.value).splitlines()


def test_a_schema_holds_what_the_file_says(tmp_path):
    assert read(tmp_path, b"doors: 2\nwheels: {front: {spokes: 5}}") == Car(
        doors=2, wheels={"front": Wheel(spokes=5)}
    )


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"doors: [", "sources/car.yml:2: not YAML: while parsing a flow node"),
        (b"[1]: 2", "sources/car.yml:1: not YAML: while constructing a mapping"),
        (b"doors: 2\nwheels: {}\ndoors: 4", "sources/car.yml:3: not YAML: 'doors' is given"),
        (b"doors: 2\nwheels: {a: {spokes: 1, spokes: 2}}", "sources/car.yml:2: not YAML: 's"),
        (
            b"doors: 2026-13-45",
            "sources/car.yml: holds a value that YAML cannot read (month must be in",
        ),
        (
            b"doors: " + b"9" * 5000,
            "sources/car.yml: holds a value that YAML cannot read (Exceeds the",
        ),
        (
            b"doors: 0x_",
            "sources/car.yml:1: '0x_' is no plain number; write it in decimal digits",
        ),
        (
            b"doors: !!int x",
            "sources/car.yml:1: 'x' is no plain number; write it in decimal digits",
        ),
        (b"doors: !!bool maybe", "sources/car.yml: holds a value that YAML cannot read ('maybe')"),
        (b"? [a]\n: 2", "sources/car.yml:1: not YAML: while constructing a mapping"),
        (b"doors: " + b"[" * 3000, "sources/car.yml"),
        (b"d\xffrs: 2", "sources/car.yml: is not UTF-8 text; save it as UTF-8"),
        (b"", "sources/car.yml: None: give names, each with its value"),
        (b"[1, 2]", "sources/car.yml: [1, 2]: give names, each with its value"),
    ],
)
def test_what_is_no_mapping_is_one_line(tmp_path, data, line):
    (refused,) = refusal(tmp_path, data)
    assert refused.startswith(line)


@pytest.mark.parametrize(
    "number", ["0123", "1:30", "1:30.5", "0b1", "0x1F", "1_000", "1_0.5", "-07", "00.5"]
)
def test_a_number_that_yaml_reads_as_another_is_told_with_its_line(tmp_path, number):
    (line,) = refusal(tmp_path, f"wheels: {{}}\ndoors: {number}".encode())
    assert line == (
        f"sources/car.yml:2: '{number}' is no plain number; write it in decimal digits, as 83 or "
        "0.5, or put it in quotation marks if it is text"
    )


def test_plain_numbers_are_numbers_and_what_is_quoted_is_text():
    numbers = "[0, -3, +3, 12, 0.5, .5, 5., 1.5e-4, .inf]"
    says = [0, -3, 3, 12, 0.5, 0.5, 5.0, 0.00015, float("inf")]
    assert yamlfile.load_text(numbers, "car") == says
    assert yamlfile.load_text("['0123', \"1:30\", a:b, 10px, 0.9.1]", "car") == [
        *("0123", "1:30", "a:b", "10px", "0.9.1")
    ]


def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path):
    assert read(tmp_path, b"\xef\xbb\xbfdoors: 2\nwheels: {}") == Car(doors=2, wheels={})


def test_what_can_be_seen_is_text_and_what_hides_or_turns_is_not():
    for text in ("سيارة", "👩‍🔧 née", "می‌خواهم", "a\n\tb", "<b> {{ 1 }}"):
        assert yamlfile.visible(text) == text
    for letter in "\x00\x1b\x7f\x85\xad\u200b\u200e\u202e\u2066\u2060\ufeff\ufffe\ud800":
        with pytest.raises(ValueError, match=f"invisible letter U\\+{ord(letter):04X}"):
            yamlfile.visible(f"a{letter}b")


def test_a_file_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(BadInput, match=r"^car: cannot be read \(No such file or directory\); rest"):
        yamlfile.load(tmp_path / "car.yml", "car")


def test_every_error_says_where_what_and_the_next_move(tmp_path):
    assert refusal(tmp_path, b"doors: two\nrims: 4\nwheels: {front: {spokes: 5.0, tyres: 1}}") == [
        "sources/car.yml: doors: 'two': give a whole number",
        "sources/car.yml: wheels > front > spokes: 5.0: give a whole number",
        "sources/car.yml: wheels > front > tyres: unknown key; remove it or correct its name",
        "sources/car.yml: rims: unknown key; remove it or correct its name",
    ]
    assert refusal(tmp_path, b"doors: 2") == ["sources/car.yml: wheels: is missing; add it"]


def test_a_long_value_is_cut(tmp_path):
    (line,) = refusal(tmp_path, b"wheels: {}\ndoors: " + b"x" * 58)
    assert line == f"sources/car.yml: doors: '{'x' * 58}': give a whole number"
    (line,) = refusal(tmp_path, b"wheels: {}\ndoors: " + b"x" * 59)
    assert line == f"sources/car.yml: doors: '{'x' * 56}...: give a whole number"
    (line,) = refusal(tmp_path, b"wheels: {}\ndoors: " + b"x" * 90)
    assert line == f"sources/car.yml: doors: '{'x' * 56}...: give a whole number"


def test_a_place_inside_a_file_goes_on_with_an_arrow():
    with pytest.raises(BadInput, match=r"^car.yml: front > spokes: 'x': give a whole number$"):
        yamlfile.checked("car.yml: front", Wheel, {"spokes": "x"})


def test_the_name_that_is_most_like_it_is_proposed():
    assert closest("chrom", ["gold", "chrome"]) == "chrome"
    assert closest("steel", ["gold", "chrome"]) is None
    assert nearest("chrom", ["gold", "chrome"]) == "did you mean chrome?"
    assert nearest("steel", {"gold", "chrome"}) == "known are: chrome, gold"
