"""The judges as a reader's browser takes them: their file as it lies, named by its digest."""

import json
import struct
from dataclasses import dataclass
from pathlib import Path

from gen.core.canonical import digest
from gen.core.errors import BadInput
from gen.core.sources import Prompt
from gen.publish.tensor_files import parted

FILE = Path("sources", "models", "judges", "judging.safetensors")
FOLDER = "live/judges"  # under docs/


@dataclass(frozen=True)
class Jury:
    """A set of judges that a page can hand to a browser."""

    file: str  # under docs/: no cache holds another's under this name
    data: bytes
    size: tuple[int, int]  # (H, W) of the pictures that they read

    @property
    def megabytes(self) -> str:
        """What is to be fetched, as a button says it."""
        return f"{len(self.data) / 10**6:.1f} MB"

    def reads(self, prompt: Prompt) -> bool:
        """Whether a prompt's pictures are as large as those that they read."""
        return (prompt.height, prompt.width) == self.size


def read_jury(root: Path) -> Jury | None:
    """The judges of this checkout; None where there are none. Raises BadInput."""
    if not (root / FILE).is_file():
        return None
    data = (root / FILE).read_bytes()
    try:
        header, _ = parted(data)
        height, width = json.loads(header["__metadata__"]["state"])["size"]
    except (struct.error, ValueError, KeyError, TypeError):
        raise BadInput(f"{FILE.as_posix()}: is no set of judges; check it out anew") from None
    return Jury(f"{FOLDER}/{digest(data)[:16]}/{FILE.name}", data, (height, width))
