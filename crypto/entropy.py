"""Chance, as this package asks for it: the operating system's unless a test says otherwise."""

from collections.abc import Callable
from secrets import token_bytes

Entropy = Callable[[int], bytes]
"""Gives that many bytes nobody can foresee."""

system_entropy: Entropy = token_bytes
