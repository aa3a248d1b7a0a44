"""Where on a page something is wrong: docs/, the path, the line."""

from types import TracebackType

from jinja2 import TemplateError

TEMPLATE = "<template>"  # what Jinja calls the file of a text that came from none
WRONG: tuple[type[Exception], ...] = (  # what a mark can bring about: measured(), 1/0, "a" + 1
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TemplateError,
    TypeError,
    ValueError,
)


def place(path: str, text: str = "", start: int = 0) -> str:
    """A place in a page's text, as an editor takes it; without a text, its page."""
    return f"docs/{path}:{text.count(chr(10), 0, start) + 1}" if text else f"docs/{path}"


def of_block(path: str, text: str, block: str) -> str:
    """The place of a block of text whose first line stands somewhere in the page."""
    first = block.strip().splitlines()[0].strip() if block.strip() else ""
    return place(path, text, max(text.find(first), 0))


def line_in(trace: TracebackType | None) -> int:
    """The line of a page's text at which an error arose while it was rendered."""
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == TEMPLATE:
            return trace.tb_lineno
        trace = trace.tb_next
    return 1
