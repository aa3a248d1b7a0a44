"""Which tests run in one process, where several share them out, and which are begun first.

A file's stay together, and all of a folder's that share what takes long to make. Files come by how
many tests they have, which says little of how long they take: those that take long for their number
come before, so that at the end no process waits for another's last.
"""

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

TOGETHER = (
    "tests/measure/",  # every measurement on one tiny project, each made once
    "tests/release/",  # versions of the whole site, published once
)
LONG = (  # a quarter of a minute or more, in a few tests
    "tests/measure/",
    "tests/release/",
    "tests/browser/test_pages.py",
    "tests/test_scale_benchmark.py",
    "tests/study/scoring/test_score.py",
    "tests/test_gpu_benchmark.py",
    "tests/browser/test_axe_in_use.py",
    "tests/test_recipes.py",
    "tests/browser/test_run_here.py",
    "tests/commands/test_launched.py",
    "tests/faults/test_killed.py",
    "tests/test_types.py",
    "tests/test_kept.py",
)


class Rooms(LoadFileScheduling):
    """pytest-xdist's way to share files out, with some folders as if they were one file."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        waiting = next((scope for scope in LONG if scope in self.workqueue), None)
        if waiting is not None:
            self.workqueue.move_to_end(waiting, last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        folder = next(filter(nodeid.startswith, TOGETHER), "")
        return folder or super()._split_scope(nodeid)
