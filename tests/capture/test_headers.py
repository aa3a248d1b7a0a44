"""gen/capture/headers.py: names and shapes of a file, or what it is instead."""

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from safetensors.torch import save  # noqa: E402

from gen.capture import headers  # noqa: E402
from gen.core.errors import ModelError  # noqa: E402

SOUND = save({"a.weight": torch.ones(2, 3), "b": torch.ones(4)}, metadata={"format": "pt"})
HUGE = (2**40).to_bytes(8, "little")
ENDLESS = b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,1e999]}}'
ODD = b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}'


def test_names_and_shapes_are_read_from_the_header(tmp_path):
    (tmp_path / "x.safetensors").write_bytes(SOUND)
    expected = {"a.weight": (2, 3), "b": (4,)}
    assert headers.shapes(tmp_path / "x.safetensors", "x") == expected


@pytest.mark.parametrize("begins", [b"\xbb", b"\xbf", b"\xef"])
def test_a_length_that_begins_like_a_byte_order_mark_is_a_length(tmp_path, begins):
    """Those are 187, 191 and 239 bytes of header; a whole mark stands before text alone."""
    length, tensors = begins[0], {"a": torch.ones(1)}
    more = length - len(save(tensors, metadata={"m": ""})) + 8 + 4
    padded = save(tensors, metadata={"m": "x" * max(more, 0)})
    header = padded[8:-4].rstrip().ljust(length)
    (tmp_path / "x.safetensors").write_bytes(length.to_bytes(8, "little") + header + padded[-4:])
    assert headers.shapes(tmp_path / "x.safetensors", "x") == {"a": (1,)}


WRONG = [
    (b"", "x is empty; download it again"),
    (b"PK\x03\x04" + b"\0" * 90, "x is a pickle under another name and never opened; give a real"),
    (b"\x80\x02}q\0." + b"\0" * 90, "x is a pickle under another name"),
    (b"<!DOCTYPE html><html>", "x is a web page, not weights; download the file itself"),
    (b"\xef\xbb\xbf\n <html>" + b" " * 90, "x is a web page"),
    (b"GGUF\3\0\0\0" + b"\0" * 90, "x is a GGUF file; give"),
    (b"version https://git-lfs.example/spec/v1\noid sha256:0\n", "x is a git-lfs pointer, not"),
    (b"\x89HDF\r\n" + b"\0" * 90, "x is an HDF5 file"),
    (b"\0" * 90, "x is no .safetensors file: it has no header"),
    (b"ab", "x is no .safetensors file: it has no header"),
    (HUGE + b'{"a":1}', "x is cut short or damaged: a header of 1,099,511,627,776 bytes in a file"),
    (SOUND[:40], "x is cut short or damaged: a header of"),
    (SOUND[:-1], "x is cut short: 39 of 40 bytes; download it again"),
    (SOUND + b"\0" * 16, "x has 16 bytes after its last tensor"),
    ((9).to_bytes(8, "little") + b'{"a": 1, }', "x is damaged: its header is no JSON"),
    ((7).to_bytes(8, "little") + b'{"a":1}', "x is damaged: an odd entry in its header"),
    ((4).to_bytes(8, "little") + b"{1:2", "x is damaged: its header is no JSON"),
    ((200_000).to_bytes(8, "little") + b'{"a":' * 40_000, "x is damaged: its header is no JSON"),
    (len(ODD).to_bytes(8, "little") + ODD, "x is damaged: an odd entry in its header"),
    ((16).to_bytes(8, "little") + rb'{"\u001b[31m":1}', "x is damaged: a tensor's name is no text"),
    (len(ENDLESS).to_bytes(8, "little") + ENDLESS, "x is damaged: an odd entry in its header"),
    (SOUND.replace(b"[2,3]", b"[2,4]"), "x is no sound .safetensors file ("),
]


@pytest.mark.parametrize(("held", "says"), WRONG)
def test_anything_else_is_named_in_one_line(tmp_path, held, says):
    (tmp_path / "x.safetensors").write_bytes(held)
    with pytest.raises(ModelError) as error:
        headers.shapes(tmp_path / "x.safetensors", "x")
    assert str(error.value).startswith(says)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("tensors", "says"),
    [
        ({"a.weight": torch.ones(2, dtype=torch.int8)}, "x is quantized: a.weight is I8; give it"),
        ({"a.weight.absmax": torch.ones(2)}, "x is quantized: a.weight.absmax is F32; give it in"),
        ({"scaled_fp8": torch.ones(2)}, "x is quantized: scaled_fp8 is F32"),
    ],
)
def test_weights_that_are_no_numbers_by_themselves_are_said(tmp_path, tensors, says):
    (tmp_path / "x.safetensors").write_bytes(save(tensors))
    with pytest.raises(ModelError) as error:
        headers.shapes(tmp_path / "x.safetensors", "x")
    assert str(error.value).startswith(says)


def test_whole_numbers_beside_the_weights_and_plain_small_formats_are_read(tmp_path):
    small = {"a.weight": torch.ones(2).to(torch.float8_e4m3fn), "position_ids": torch.arange(2)}
    (tmp_path / "x.safetensors").write_bytes(save(small))
    assert headers.shapes(tmp_path / "x.safetensors", "x") == dict.fromkeys(small, (2,))


def test_another_program_s_words_are_cut(tmp_path):
    held = SOUND.replace(b"F32", b"F-9")
    (tmp_path / "x.safetensors").write_bytes(held)
    with pytest.raises(ModelError, match="unknown variant") as error:
        headers.shapes(tmp_path / "x.safetensors", "x")
    assert len(str(error.value)) < 200
