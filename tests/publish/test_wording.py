"""How text, numbers and shapes are worded."""

from dataclasses import replace

import pytest

from gen.core.sources import Fact, Lines
from gen.publish import wording


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"scheduler": "DDIMScheduler"}, "DDIM"),
        ({"scheduler": "DDIMScheduler", "eta": 0.5}, "DDIM, 50 % fresh noise"),
        ({"scheduler": "EulerDiscreteScheduler", "karras": True}, "Euler Karras"),
    ],
)
def test_a_sampler_is_told_by_the_name_that_people_know(materials, asked, said):
    prompt = replace(materials.inputs.prompts[0], eta=0.0, karras=False)
    assert wording.sampler(replace(prompt, **asked)) == said


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        (13354523, "13 million"),
        (8_792_000, "8.8 million"),
        (99_960_000, "100 million"),
        (1066235307, "1,066 million"),
        (950000, "950,000"),
    ],
)
def test_a_large_number_is_said_in_words(parameters, text):
    assert wording.in_words(parameters) == text


@pytest.mark.parametrize(
    ("parameters", "text"),
    [(859_520_964, "860 M"), (8_792_000, "8.79 M"), (453_120, "453 k"), (7, "7")],
)
def test_parameters_are_told_in_three_figures(parameters, text):
    assert wording.count(parameters) == text


@pytest.mark.parametrize(
    ("size", "text"), [((1, 77, 768), "77 × 768"), ((2, 4, 16, 24), "24 × 16 × 4"), ((1,), "1")]
)
def test_shapes_are_told_without_the_batch_and_pictures_width_first(size, text):
    assert wording.shape(size) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0.93213, "93.2%"), (0.0, "0.0%"), (2e-7, "under 0.1%"), (0.0005, "0.1%")]
)
def test_a_share_is_told_with_one_decimal(share, text):
    assert wording.percent(share) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.05, "0.05"),
        (0.0001, "0.0001"),
        (0.00005, "0"),
        (-0.00005, "0"),
        (12.345, "12.3"),
        (999.4, "999"),
        (999.6, "1,000"),
        (1000.4, "1,000"),
        (-0.25, "−0.25"),
    ],
)
def test_a_measured_value_has_three_digits_and_only_nothing_is_0(value, text):
    assert wording.figure(value) == text


@pytest.mark.parametrize(
    ("figures", "shared"),
    [
        ([(0.85, 0.83, 0.87), (0.006, -0.014, 0.026), (0.06, -0.01, 0.12)], 2),
        ([(0.85, 0.83, 0.87), (0.999, 0.9988, 0.9992), (0.2, 0.1, 0.3)], 3),  # it is not 1
        ([(41, 36, 46), (15, 13, 17)], 0),
        ([(41, 36, 46), (-0.3, -4, 3)], 1),  # it is not 0
        ([(0.0004, 0.0003, 0.0005)], 3),
        ([(0, 0, 0), (7.1, 5.9, 8.5)], 1),
        ([(1, 1, 1), (58.94, 58.94, 58.94)], 1),
        ([(0, 0, 0)], 0),
    ],
)
def test_figures_below_each_other_share_their_decimals(figures, shared):
    assert wording.decimals(figures) == shared


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(0.2, 3, "0.200"), (0, 2, "0"), (-0.002, 2, "−0.00"), (1234.5, 0, "1,234"), (-4.0, 1, "−4.0")],
)
def test_a_figure_has_just_so_many_decimals_and_only_nothing_is_0(value, decimals, text):
    assert wording.evenly(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (0.8083, 0.785, 0.831, "0.81"),
        (8.73, 7.58, 9.95, "8.7"),
        (3.35, 1.1, 5.7, "3"),
        (86.7, 71.9, 94.3, "87"),
        (78.41, 78.39, 78.43, "78"),
        (0.0546, -0.0127, 0.122, "0.05"),
        (-2.27, -3.41, -1.27, "−2.3"),
        (0.00624, -0.0904, 0.1, "0.006"),
        (7.02, 6.54, 7.57, "7"),
        (1234.0, 900.0, 1600.0, "1,234"),
        (343.3, 342.0, 345.0, "343"),
        (100.0, 98.7, 100.0, "100"),
        (0.00003, -1.0, 1.0, "0"),
    ],
)
def test_prose_gives_a_value_as_many_digits_as_its_interval_bears_and_two_at_most(
    value, low, high, text
):
    assert wording.borne(value, low, high) == text


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [(0.9987, 0.9985, 0.999, "0.999"), (99.6, 99.2, 99.9, "99.6"), (99.6, 96.0, 100.0, "100")],
)
def test_a_value_is_not_rounded_up_to_all_where_its_interval_tells_the_two_apart(
    value, low, high, text
):
    assert wording.borne(value, low, high) == text


@pytest.mark.parametrize(("unit", "text"), [("dB", "25.6"), ("%", "26"), ("", "25.6")])
def test_of_values_without_an_interval_percents_alone_are_rounded(unit, text):
    assert wording.borne(25.61, None, None, unit) == text


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (("a/b.py", Lines("a/b.py", 3, 7), None, None), "b.py, lines 3–7"),
        (("X_Model_Card.md", Lines("X_Model_Card.md", 3, 3), None, None), "model card, line 3"),
        (("abstract", None, 2, None), "sentence 2"),
        (("abstract", None, 2, "version 3, which came first"), "v3, sentence 2"),
        (("section 4", None, None, "version 3 of 24 March 2025"), "v3, section 4"),
        (("section 4", None, None, "version 3, which came first"), "v3, section 4"),
        (
            ("figure 1", None, None, "the proceedings version (CVPR 2025)"),
            "proceedings, figure 1",
        ),
    ],
)
def test_a_mark_names_the_file_and_its_lines_a_sentence_or_the_version_read(place, text):
    path, lines, sentence, read_in = place
    fact = Fact("f", "t", path, "s", lines=lines, sentence=sentence, read_in=read_in)
    assert wording.where(fact) == text


def test_plain_text_means_nothing_to_html_and_markdown_and_sets_its_apostrophes():
    assert wording.plain("<b>*x*</b>  [y]") == (
        "&#60;b&#62;&#42;x&#42;&#60;&#47;b&#62; &#91;y&#93;"
    )
    assert wording.plain("it's the renders' own") == "it’s the renders’ own"
