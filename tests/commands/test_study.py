"""gen/commands/study.py: what would be lost, or fail after hours, is refused before any work."""

from pathlib import Path

import pytest

pytest.importorskip("accelerate", reason="needs the train install")

from gen.__main__ import main
from gen.core.errors import BadInput, BuildError, StoreError

ROOT = Path(__file__).parents[2]
INTO = [  # every command that writes a folder which a person names
    ("train", "autoencoder", "--steps", "1", "--to"),
    ("judge", "judging", "--steps", "1", "--to"),
    ("pack",),
    ("blind",),
]


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    """An empty cache; commands are typed in the checkout."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(ROOT)
    return tmp_path / "cache"


def study(*words: str) -> None:
    """A command, in this process."""
    main.main(["study", *words], standalone_mode=False)


@pytest.mark.parametrize("words", INTO, ids=lambda words: words[0])
@pytest.mark.parametrize(
    "names",
    [
        ("thesis.txt",),
        (".git",),
        ("model_index.json", "unet"),  # another's model, which no recipe.json is in
        ("recipe.json", "thesis.txt"),
    ],
)
def test_a_folder_of_anything_else_is_left_alone(cache, tmp_path, words, names):
    mine = tmp_path / "mine"
    mine.mkdir()
    for name in names:
        (mine / name).write_text("mine")
    with pytest.raises(BadInput, match=rf"^{mine}: holds .* so it is no folder of "):
        study(*words, str(mine))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine"]
    assert {path.name: path.read_text() for path in mine.iterdir()} == dict.fromkeys(names, "mine")


@pytest.mark.parametrize("words", INTO, ids=lambda words: words[0])
def test_one_kind_of_folder_is_not_written_over_another(cache, tmp_path, words):
    kinds = {
        "train": ("model_index.json", "recipe.json"),
        "judge": ("judging.safetensors",),
        "pack": ("latents.npz", "recipe.json"),
        "blind": ("01.png", "02.png"),
    }
    for kind, names in kinds.items():
        (tmp_path / kind).mkdir()
        for name in names:
            (tmp_path / kind / name).write_text(kind)
        with pytest.raises(BuildError) as refusal:
            study(*words, str(tmp_path / kind))
        assert ("so it is no folder of" in str(refusal.value)) == (kind != words[0]), kind
        assert len(list((tmp_path / kind).iterdir())) == len(names)


def test_the_pictures_of_a_blind_test_do_not_take_the_place_one_stands_in(cache):
    with pytest.raises(BadInput, match="so it is no folder of shuffled pictures"):
        study("blind", ".")


@pytest.mark.parametrize("words", INTO, ids=lambda words: words[0])
def test_a_folder_that_cannot_be_made_is_refused(cache, tmp_path, words):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StoreError, match=r"/file: cannot be written .*; move away the file"):
        study(*words, str(tmp_path / "file" / "new"))
