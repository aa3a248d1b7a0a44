"""Which tests run in one process, where several share them out: a file's, and all of a folder's
that share what takes long to make."""

from xdist.scheduler import LoadFileScheduling

TOGETHER = (
    "tests/measure/",  # every measurement on one tiny project, each made once
    "tests/release/",  # versions of the whole site, published once
)


class Rooms(LoadFileScheduling):
    """pytest-xdist's way to share files out, with some folders as if they were one file."""

    def _split_scope(self, nodeid: str) -> str:
        folder = next(filter(nodeid.startswith, TOGETHER), "")
        return folder or super()._split_scope(nodeid)
