"""The tree of things that can be wrong. A message has a place, a value and the next move.

BuildError
├── BadInput            something under sources/ or on the command line
│   ├── UnknownCitation     a page names a fact that no source has
│   └── TooLarge            a device's memory does not suffice
├── BadProse            a paragraph of docs/ without evidence, or with a number nobody gave
├── RecordError         something that docs/ holds: captures, measurements, references
│   ├── MissingRecord       never made, or made for another prompt
│   ├── BrokenRecord        truncated or altered since it was made
│   └── StoreError          cannot be written: full or read-only
│       └── InUse               another process is making it
├── ModelError          weights: not there, not pinned, not as pinned, or pickled
│   └── TooMuch             a file too many: which of two is meant cannot be told
├── NotReproduced       a capture made again differs from the stored one
├── FactMismatch        a cited line does not say what we say it says
├── NoGit               git is not installed here, or not found on PATH
├── OutsideLink         a built page links or loads where it may not, or nowhere
└── NotPublished        a version of the site that must not reach its host as it is
"""

from typing import Self


class BuildError(Exception):
    """Anything that a person can put right; shown as its message alone.

    A message may quote anything. What would break its line, or write on a terminal, is escaped.
    """

    def moved(self, move: str) -> Self:
        """The same place and value with another next move, which follows the last semicolon."""
        what, _, _ = super().__str__().rpartition("; ")
        return type(self)(f"{what}; {move}")

    def __str__(self) -> str:
        told = super().__str__()
        return "".join(c if c == "\n" or c.isprintable() else repr(c)[1:-1] for c in told)


class BadInput(BuildError):
    """What a person wrote (sources/*.yml, a command's argument) is not as it must be."""


class UnknownCitation(BadInput):
    """A page cites a fact that no source has."""


class TooLarge(BadInput):
    """What was asked for does not fit into a device's memory."""


class BadProse(BuildError):
    """A paragraph claims something and shows no evidence for it."""


class RecordError(BuildError):
    """Something is wrong with a record that docs/ holds, or with the place of records."""


class MissingRecord(RecordError):
    """A capture, a measurement or a reference has not been made."""


class BrokenRecord(RecordError):
    """A record, or a file of it, is not what was written."""


class StoreError(RecordError):
    """The store cannot be written now."""


class InUse(StoreError):
    """Another process is at work on a record."""


class ModelError(BuildError):
    """A model cannot be loaded as models.yml describes it."""


class TooMuch(ModelError):
    """Weights have a file too many, so that which of two is meant cannot be told."""


class NotReproduced(BuildError):
    """A capture made again differs from the stored one by more than the tolerance."""


class FactMismatch(BuildError):
    """The cited repository does not say at these lines what the fact says."""


class NoGit(BuildError):
    """What only git can tell is asked where there is no git."""


class OutsideLink(BuildError):
    """A built page links to, or loads from, a place outside the site and its four works."""


class NotPublished(BuildError):
    """A version of the site cannot be published as it stands; nothing was pushed."""
