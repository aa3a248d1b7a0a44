"""gen/pick.py: who scores candidates, and why the judges stay out where they do."""

from dataclasses import replace

from gen import pick


def test_judges_choose_for_the_study_model_s_own_words_alone(project, tmp_path):
    model, place = project.model, project.cache
    text = project.samples.entries[0].prompt
    chosen, without = pick.judges_for(project.root, place, model, text)
    assert without == "" and chosen(project.samples.pictures[:3]).shape == (3,)
    for other, words, cache, why in (
        (replace(model, id="sd15"), text, place, "the pictures of study alone"),
        (model, "a submarine", place, "no sentence of sources/study.yml's captions"),
        (model, text, tmp_path, "run python -m gen study render"),
    ):
        chosen, without = pick.judges_for(project.root, cache, other, words)
        assert chosen is None and why in without
