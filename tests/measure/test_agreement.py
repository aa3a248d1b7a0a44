"""Bodies and backgrounds that agree by construction."""

from dataclasses import replace

import numpy as np
from known import Told, accuracies, box, noise, rows, samples

from gen.measure import agreement
from gen.measure.kit import controls, unnamed
from gen.measure.kit.pictures import GENERATED, RENDERED, THROUGH, Layer
from gen.study.world.captions import understood

NAMES = "mask", "body_world", "background_world"
SKY = "body_sun", "background_sun", "body_horizon", "background_horizon"
N = 120


def run(body, behind, asked, value=0.95, sky=0.95, weak=(), again=None):
    known = accuracies(value, *NAMES) + accuracies(sky, *SKY)
    known = tuple(replace(a, value=0.6) if (a.name, a.of) == weak else a for a in known)
    judges = Told(known, parts={"body": body, "background": behind})
    shown = Layer(GENERATED, noise(len(asked)), box(len(asked)))
    return rows(agreement.run(asked, judges, [shown], again))


def reading(worlds, sun=0.0, horizon=0.5):
    return worlds, np.full(len(worlds), sun), np.full(len(worlds), horizon)


def test_half_agree_where_half_were_made_to():
    asked = samples(N)
    behind = [s.scene.world.name for s in asked]
    body = [w if i % 2 else "elsewhere" for i, w in enumerate(behind)]
    found = run(reading(body), reading(behind), asked)
    assert found["generated-mirror"].value == 50
    assert found["generated-mirror"].n == N
    assert found["generated-glossy"].value is None


def test_the_floor_is_what_the_words_alone_give():
    """The prompt names the world: another picture's background fits just as well."""
    asked = samples(N)
    worlds = [s.scene.world.name for s in asked]
    found = run(reading(worlds), reading(worlds), asked)
    assert found["generated-mirror-floor"].value == 100


def test_unnamed_worlds_show_what_the_picture_itself_agrees_on():
    asked = samples(N, named=False)
    for i, s in enumerate(asked):
        s.prompt = f"a mirror car, {i // 12}"
    worlds = [s.scene.world.name for s in asked]
    found = run(reading(worlds), reading(worlds), asked)
    assert found["generated-mirror-unnamed"].value == 100
    assert found["generated-mirror-unnamed-floor"].value < 60


def test_the_floor_takes_every_other_picture_of_the_same_words():
    """Nine pictures of a prompt, three worlds: two in eight of the others show one's own."""
    asked = samples(54, named=False)
    for i, s in enumerate(asked):
        s.prompt = f"a mirror car, {i // 9}"
    worlds = [s.scene.world.name for s in asked]
    found = run(reading(worlds), reading(worlds), asked)["generated-mirror-unnamed-floor"]
    assert (found.value, found.n) == (25, 54)


def test_pictures_of_one_prompt_do_not_make_an_interval_narrower():
    """Ten prompts that are right or wrong as a whole tell as much as ten pictures, not as 120."""
    asked = samples(N)
    behind = [s.scene.world.name for s in asked]
    body = [w if i // 12 % 2 else "elsewhere" for i, w in enumerate(behind)]
    for i, s in enumerate(asked):
        s.prompt = f"{i}"
    alone = run(reading(body), reading(behind), asked)["generated-mirror"]
    for i, s in enumerate(asked):
        s.prompt = f"{i // 12}"
    found = run(reading(body), reading(behind), asked)["generated-mirror"]
    assert (found.value, found.n) == (alone.value, N)
    assert found.high - found.low > 2.5 * (alone.high - alone.low)
    assert f"{N} pictures of 10 prompts" in found.note


def test_more_noise_counts_where_no_world_is_named_and_nowhere_else():
    named, unnamed = samples(6), samples(3, named=False)
    more = samples(3, named=False)
    worlds = [s.scene.world.name for s in more]
    drawn = Layer(GENERATED, noise(3), box(3))

    class Twice(Told):
        """The nine samples disagree, the three drawn again agree."""

        def read_world(self, pictures, masks, of):
            if len(pictures) == 3:
                self.parts = dict.fromkeys(self.parts, reading(worlds))
            return super().read_world(pictures, masks, of)

    parts = {"body": reading(["elsewhere"] * 9), "background": reading(worlds * 3)}
    judges = Twice(accuracies(0.95, *NAMES, *SKY), parts=parts)
    shown = Layer(GENERATED, noise(9), box(9))
    found = rows(agreement.run([*named, *unnamed], judges, [shown], (more, drawn)))
    assert (found["generated-mirror"].value, found["generated-mirror"].n) == (0, 9)
    assert (found["generated-mirror-unnamed"].value, found["generated-mirror-unnamed"].n) == (50, 6)


def test_angles_are_compared_within_a_world_that_both_see():
    asked = samples(N)
    worlds = [s.scene.world.name for s in asked]
    found = run(reading(worlds, sun=170), reading(worlds, sun=-170, horizon=0.4), asked)
    assert found["generated-mirror-sun"].value == 20
    assert found["generated-mirror-sun"].n == N * 2 // 3  # a studio has none
    height = 2 * np.degrees(np.arctan(np.tan(np.radians(15)) * 32 / 48))
    assert abs(found["generated-mirror-horizon"].value - 0.1 * height) < 0.01


def test_judges_under_their_bound_are_not_used():
    asked = samples(N)
    worlds = [s.scene.world.name for s in asked]
    found = run(reading(worlds), reading(worlds), asked, value=0.6)
    assert found["generated-mirror"].value is None
    assert "reaches only 0.60: not used" in found["generated-mirror"].note
    found = run(reading(worlds), reading(worlds), asked, weak=("body_world", "matte"))
    assert found["generated-mirror"].value == 100
    assert "reaches only 0.60 on matte: not used" in found["generated-matte"].note
    found = run(reading(worlds), reading(worlds), asked, sky=0.6)
    assert found["generated-mirror"].value == 100
    assert found["generated-mirror-sun"].value is None


def test_scenes_are_paired_where_painted_and_rendered_mirrors_are_compared():
    asked = samples(N)
    behind = [s.scene.world.name for s in asked]
    parts = {"background": reading(behind), "body": reading(behind)}

    class HalfRight(Told):
        """The first layer's bodies are read as their own world in half of all cases."""

        def read_world(self, pictures, masks, of):
            right = np.arange(N) % 2 == 0
            first = of == "body" and pictures is shown[0].pictures
            world = np.where(right | (not first), behind, "elsewhere")
            self.parts = dict.fromkeys(self.parts, reading(list(world)))
            return super().read_world(pictures, masks, of)

    shown = [Layer(name, noise(N), box(N)) for name in (GENERATED, RENDERED, THROUGH)]
    found = rows(
        agreement.run(asked, HalfRight(accuracies(0.95, *NAMES, *SKY), parts=parts), shown)
    )
    assert (
        found["rendered-more"].value == found["rendered-through-the-autoencoder-more"].value == 50
    )
    assert "60 against 0" in found["rendered-more"].note
    assert "one of 2 comparisons" in found["rendered-more"].note


def test_controls_are_left_out_where_the_judge_of_mirrors_is_under_its_bound():
    asked = samples(N)
    worlds = reading([s.scene.world.name for s in asked])
    judges = Told(accuracies(0.6, *NAMES, *SKY), parts={"body": worlds, "background": worlds})
    shown = Layer(GENERATED, noise(N), box(N))
    found = rows(agreement.run(asked, judges, [shown], None, {"mirror": shown, "matte": shown}))
    assert not any(name.startswith(("control", "mirror-more")) for name in found)


# ---- what is drawn from what, on the tiny project ---------------------------------------------


def test_samples_their_renders_and_these_through_the_autoencoder_are_judged(made, project):
    handed = made(agreement).handed
    assert handed["samples"] is project.samples.entries and handed["judges"] is project.judging
    layers = {layer.series: layer.pictures for layer in handed["layers"]}
    assert list(layers) == [GENERATED, RENDERED, THROUGH]
    wanted = project.samples.pictures, project.samples.renders, project.through
    assert all(a is b for a, b in zip(layers.values(), wanted, strict=True))


def test_each_picture_is_judged_under_the_mask_found_in_that_very_picture(made, project):
    handed = made(agreement).handed
    for layer in (*handed["layers"], handed["again"][1]):
        assert np.array_equal(layer.masks, project.judging.read(layer.pictures).mask)
    first, second, *_ = handed["layers"]
    assert not np.array_equal(first.masks, second.masks), "else any mask would do"


def test_prompts_without_a_world_are_painted_once_more_from_other_noise(made, project):
    result = made(agreement)
    samples, layer = result.handed["again"]
    assert samples == [s for s in project.samples.entries if "world" not in s.named
                       and s.scene.material.finish == unnamed.FINISH]  # fmt: skip
    more = result.generations["unnamed"]
    assert more.prompts == tuple(s.prompt for s in samples) and samples
    assert not set(more.seeds) & {s.seed for s in samples}
    assert more.guidance == project.recipe.score.guidance_scale
    assert np.array_equal(layer.pictures, more.pictures) and layer.series == GENERATED
    before = project.samples.pictures[[s.index for s in samples]]
    assert not np.array_equal(more.pictures, before), "other noise is another picture"


def test_controls_are_the_same_words_and_noises_in_another_paint(made, project):
    result, recipe = made(agreement), project.recipe.render
    asked = unnamed.mirrors(project)
    paints = result.handed["paints"]
    assert result.handed["words"] == asked.prompts
    assert list(paints) == [controls.MIRROR, *controls.PAINTS]
    assert np.array_equal(paints[controls.MIRROR].pictures, asked.pictures)
    for finish in controls.PAINTS:
        run = result.generations[f"unnamed-{finish}"]
        assert run.seeds == tuple(asked.seeds) and paints[finish].pictures is run.pictures
        for text, before in zip(run.prompts, asked.prompts, strict=True):
            said, other = understood(text, recipe), understood(before, recipe)
            assert said.pop("finish") == finish and "world" not in said
            assert (said.pop("colour"), said) and other.pop("finish") and other.pop("colour")
            assert said == other
