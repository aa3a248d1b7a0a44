"""gen/pick.py: who scores candidates, and why the judges stay out where they do."""

import shutil
from dataclasses import replace

from gen import pick
from gen.study.scoring import layouts


def test_judges_choose_for_the_study_model_s_own_words_alone(project, tmp_path):
    model, root = project.model, project.root
    text = project.samples.entries[0].prompt
    chosen, without = pick.judges_for(root, model, text)
    assert without == "" and chosen(project.samples.pictures[:3]).shape == (3,)
    bare = tmp_path / "project"
    shutil.copytree(root / "sources", bare / "sources")
    layouts.place(bare).unlink()
    for other, words, place, why in (
        (replace(model, id="sd15"), text, root, "the pictures of study alone"),
        (model, "a submarine", root, "no sentence of sources/study.yml's captions"),
        (model, text, bare, "run python -m gen study layouts"),
    ):
        chosen, without = pick.judges_for(place, other, words)
        assert chosen is None and why in without
