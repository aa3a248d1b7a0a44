"""How long work says how far it is: what is being made, how many are done, of how many."""

from collections.abc import Callable

Counting = Callable[[str, int, int], None]
