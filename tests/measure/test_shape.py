"""Directions that were made to be read, or not."""

import numpy as np
import pytest
from known import rows

from gen.measure import shape
from gen.measure.kit.noised import TARGETS
from gen.measure.kit.probed import COLOURS, TRAINED, UNTRAINED, VIEW, WHERE, Found

N = 12
OFF = {TRAINED: 10.0, UNTRAINED: 30.0, COLOURS: 20.0, WHERE: 40.0, VIEW: 15.0}


def found(settling=None, sun=None):
    errors = {
        (series, step): {target: np.full(N, off) for target in TARGETS}
        for series, off in OFF.items()
        for step in (1, 30)
    }
    if sun is not None:
        for each in errors.values():
            each["sun"] = sun
    blocks = {
        (series, target, "up 1"): np.full(N, OFF[series] + (target == "mirrored"))
        for series in (TRAINED, UNTRAINED)
        for target in ("normals", "mirrored")
    }
    return Found(errors, blocks, ["mirror", "matte"] * (N // 2), settling or {})


def test_a_network_is_set_against_each_floor_render_by_render():
    told = rows(shape.run(found()))
    assert told["normals-trained-1"].value == 10 and told["normals-colours-30"].value == 20
    assert told["normals-nearer-untrained"].value == 20
    assert told["sun-nearer-place"].value == 30
    assert told["mirrored-nearer-view"].value == 5
    assert "one of 12 comparisons" in told["normals-nearer-colours"].note
    assert told["mirror-trained"].n == told["matte-colours"].n == N // 2
    assert told["block-untrained-up-1"].value == 30
    assert told["block-mirrored-trained-up-1"].value == 11


def test_at_each_step_it_is_set_against_the_hardest_floor():
    told = rows(shape.run(found()))
    assert told["normals-nearer-view-1"].value == told["sun-nearer-view-30"].value == 5
    assert "one of 6 comparisons" in told["normals-nearer-view-1"].note


def test_worlds_without_a_sun_are_left_out_of_its_rows():
    told = rows(shape.run(found(sun=np.array([np.nan] * 4 + [5.0] * (N - 4)))))
    assert told["sun-trained-1"].n == N - 4 and told["normals-trained-1"].n == N


def test_doubt_about_masks_leaves_out_painted_pictures_alone():
    told = rows(shape.run(found(), "the judge of mask is bad"))
    assert told["settling"].note == "the judge of mask is bad"
    assert told["normals-trained-1"].value == 10
    settled = rows(shape.run(found({1: (np.full(4, 50.0), np.full(4, 60.0))})))
    assert settled["settling-own-1"].value == 50 and settled["settling-other-1"].value == 60


# ---- what is read from what, on the tiny project ----------------------------------------------


def test_probes_are_fitted_on_the_first_renders_and_tested_on_the_others(made, project):
    handed = made(shape).handed["found"]
    few = project.samples.entries[shape.FITTED : shape.FITTED + shape.TESTED]
    assert handed.finishes == [s.scene.material.finish for s in few]
    lit = [s.scene.world.sun_azimuth is not None for s in few]
    for errors in handed.by_step.values():
        assert set(errors) == set(TARGETS)
        assert (~np.isnan(errors["sun"])).tolist() == lit
        assert not np.isnan(errors["normals"]).any()
    assert {step for _, step in handed.by_step} == {1, project.prompt.steps}


def test_floors_that_see_no_network_are_the_same_at_every_step(made, project):
    handed = made(shape).handed["found"].by_step
    for series, same in (
        (COLOURS, True),
        (WHERE, True),
        (VIEW, True),
        (TRAINED, False),
        (UNTRAINED, False),
    ):
        first, last = (handed[series, step]["normals"] for step in (1, project.prompt.steps))
        assert np.array_equal(first, last) is same, series


def test_the_last_step_reads_as_itself(made, project):
    settling = made(shape).handed["found"].settling
    own, other = settling[project.prompt.steps]
    assert own == pytest.approx(0, abs=0.1) and len(own) == shape.GENERATED
    assert other.min() > own.max()


def test_words_name_paint_and_car_alone(project):
    from gen.study.world.captions import understood

    for sample in project.samples.entries:
        said = understood(shape._text(project, sample.scene), project.recipe.render)
        material = sample.scene.material
        assert said == {"finish": material.finish, "colour": material.colour}
