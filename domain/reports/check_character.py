"""One check character that catches every single slip and every swap of two characters.

Symbols are elements of GF(32), the 32 Crockford characters in order. With a generator a of
the field, the word c, s1, s2, … is right when c + a·s1 + a²·s2 + … = 0. All weights are
non-zero, so one changed symbol changes the sum; all differ, so two unlike symbols
swapped change it too. Weights repeat after 31, so up to 30 symbols can be checked.
"""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""

FIELD = 0b100101
"""x⁵ + x² + 1, primitive over GF(2): x generates all 31 non-zero elements."""

OVERFLOW = 0b100000


def check_character(symbols: str) -> str:
    """For 1 to 30 characters of ALPHABET. Raises ValueError for any other character.

    Horner's rule from the far end: ((… + s2)·x + s1)·x. In this field minus is plus.
    """
    total = 0
    for symbol in reversed(symbols):
        total = _times_x(total ^ ALPHABET.index(symbol))
    return ALPHABET[total]


def _times_x(element: int) -> int:
    doubled = element << 1
    return doubled ^ FIELD if doubled & OVERFLOW else doubled
