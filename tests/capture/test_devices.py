"""gen/capture/devices.py: a device or number format that was asked for, or one line."""

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from gen.capture import devices  # noqa: E402
from gen.core.errors import BadInput  # noqa: E402


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has CUDA")
@pytest.mark.parametrize("name", ["cuda", "cuda:7", "gpu", "mps", "meta"])
def test_a_device_that_is_not_there_is_said(name):
    if name in ("mps", "gpu") and torch.backends.mps.is_available():
        assert devices.device(name) == "mps"
        return
    says = f"^--device {name}: torch sees no such device here; use --device cpu"
    with pytest.raises(BadInput, match=says):
        devices.device(name)


def test_a_device_that_is_none_is_said():
    with pytest.raises(BadInput, match="--device tpu9: no such device; known are cpu, cuda, mps"):
        devices.device("tpu9")


def test_half_precision_is_for_cuda_unless_asked_for():
    assert devices.dtype(None, "cpu") == devices.dtype(None, "mps") == torch.float32
    assert devices.dtype(None, "cuda:1") == torch.float16
    assert devices.dtype("bfloat16", "cpu") == torch.bfloat16


def test_memory_that_does_not_suffice_is_said_in_one_line():
    with pytest.raises(BadInput) as error, devices.enough_memory():
        torch.empty(2**50)
    assert "the device's memory does not suffice (" in str(error.value)
    assert "\n" not in str(error.value)
    with pytest.raises(RuntimeError, match="must match"), devices.enough_memory():
        torch.ones(2) + torch.ones(3)


def test_a_device_with_a_queue_of_its_own_is_waited_for_itself(monkeypatch):
    """Else a step on the second GPU, or on Apple's, would be timed before it is done."""
    waited = []
    monkeypatch.setattr(torch.accelerator, "synchronize", waited.append)
    for name in ("cpu", "cuda:1", "mps"):
        devices.wait(torch.device(name))
    assert waited == [torch.device("cuda:1"), torch.device("mps")]
