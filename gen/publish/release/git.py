"""git, as releases call it: what it says, or its complaint in a line; where its program lies."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from gen.core.errors import NoGit, NotPublished


def program() -> str:
    """Where git lies: asked first, for without it nothing else is to blame. Raises NoGit."""
    found = shutil.which("git")
    if not found:
        raise NoGit("git: is not found on PATH; install git or correct PATH, then run this again")
    return found


class Git:
    """Commands in one checkout, with these variables besides the caller's."""

    def __init__(self, root: Path, variables: Mapping[str, str] | None = None) -> None:
        self.root = root
        self.environment = os.environ | dict(variables or {})

    def __call__(self, *words: str) -> str:
        """What the command prints, less the last line's end. Raises NotPublished if it fails."""
        done = self._run(words)
        if done.returncode:
            said = " ".join(done.stderr.split()) or f"exit code {done.returncode}"
            raise NotPublished(f"git {words[0]}: {said[:300]}; put that right, then publish again")
        return done.stdout.strip("\n")

    def holds(self, *words: str) -> bool:
        """Whether the command succeeds."""
        return not self._run(words).returncode

    def with_index(self, file: Path) -> "Git":
        """The same with an index of its own, so that the checkout's is not touched."""
        return Git(self.root, {"GIT_INDEX_FILE": str(file)})

    def _run(self, words: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        command = [program(), *words]
        return subprocess.run(
            command, cwd=self.root, env=self.environment, capture_output=True, text=True
        )
