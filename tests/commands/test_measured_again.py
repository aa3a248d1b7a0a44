"""gen/commands/captures.py: new captures end with what is to be measured again."""

from pathlib import Path

from gen.commands import captures
from gen.core import inputs, store

ROOT = Path(__file__).parents[2]


def test_what_was_measured_of_other_captures_is_named_with_its_command(tmp_path, capsys):
    given = inputs.read(ROOT)
    captures._name_next(ROOT, given, store.keys(ROOT))
    assert capsys.readouterr() == ("", "")
    store.write_measurement(tmp_path, *store.read_measurement_whole(ROOT, "captured"))
    captures._name_next(tmp_path, given, ())
    says = "captured: measured of other captures or weights; run python -m gen measure captured\n"
    assert capsys.readouterr() == ("", says)
