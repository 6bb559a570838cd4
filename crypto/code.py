"""The code a citizen keeps, `7K3F9F-4821-3390-5527-1064`, and what follows from it.

Five Crockford characters (the locator) find the row. The sixth checks the whole code, so a
slip is told from a wrong code; it is never stored, as it would give five bits away.
Sixteen random digits (53 bits) are the secret.
"""

import hashlib
import unicodedata
from dataclasses import dataclass, field
from typing import NewType

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from crypto.entropy import Entropy, system_entropy
from crypto.errors import CodeMalformed, CodeSlip
from crypto.symmetric import KEY_BYTES, expand
from domain.reports.check_character import ALPHABET, check_character

CodeRoot = NewType("CodeRoot", bytes)
"""32 bytes; everything the code opens follows from it."""

LOCATOR_LENGTH = 5
DIGITS_LENGTH = 16
TYPED_LENGTH = LOCATOR_LENGTH + 1 + DIGITS_LENGTH
GROUP = 4
DECIMALS = "0123456789"
LOOKALIKES = str.maketrans("OIL", "011")

SALT_LABEL = b"sauti/salt/v1"
SALT_BYTES = 16
MEMORY_KIB = 19 * 1024
ITERATIONS = 2
LANES = 1

CASE_LABEL = "sauti/code/v1|case"
LEDGER_LABEL = "ledger"
VISITS_LABEL = "visits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Neither part is shown by `repr`: codes reach no log."""

    locator: str = field(repr=False)
    digits: str = field(repr=False)

    @property
    def text(self) -> str:
        """As the citizen sees and keeps it."""
        head = self.locator + check_character(self.locator + self.digits)
        groups = (self.digits[at : at + GROUP] for at in range(0, DIGITS_LENGTH, GROUP))
        return "-".join((head, *groups))


def mint(entropy: Entropy = system_entropy) -> Code:
    """Both draws are far wider than what is taken from them: the bias is below 2**-200."""
    locator = "".join(ALPHABET[byte % len(ALPHABET)] for byte in entropy(LOCATOR_LENGTH))
    number = int.from_bytes(entropy(32), "big") % 10**DIGITS_LENGTH
    return Code(locator=locator, digits=f"{number:0{DIGITS_LENGTH}d}")


def parse(typed: str) -> Code:
    """Forgives case, spaces, dashes and any other marks, O for 0, I and L for 1, and
    digits of other scripts.

    Raises CodeMalformed for the wrong number of letters and digits, else CodeSlip.
    """
    symbols = "".join(_symbol(char) for char in unicodedata.normalize("NFKC", typed).upper())
    if len(symbols) != TYPED_LENGTH:
        raise CodeMalformed
    locator, check = symbols[:LOCATOR_LENGTH], symbols[LOCATOR_LENGTH]
    digits = symbols[LOCATOR_LENGTH + 1 :]
    if not (set(locator) <= set(ALPHABET) and set(digits) <= set(DECIMALS)):
        raise CodeSlip
    if check_character(locator + digits) != check:
        raise CodeSlip
    return Code(locator=locator, digits=digits)


def derive_root(code: Code, deployment_id: bytes) -> CodeRoot:
    """The one slow step (19 ms). The salt follows from the locator, so that a guess
    tests one report only.
    """
    salt = hashlib.sha256(SALT_LABEL + deployment_id + code.locator.encode("ascii")).digest()
    argon = Argon2id(
        salt=salt[:SALT_BYTES],
        length=KEY_BYTES,
        iterations=ITERATIONS,
        lanes=LANES,
        memory_cost=MEMORY_KIB,
    )
    return CodeRoot(argon.derive(code.digits.encode("ascii")))


def case_key(root: CodeRoot) -> bytes:
    """Opens the blob that holds the case secret C."""
    return expand(root, CASE_LABEL)


def ledger_commitment(root: CodeRoot) -> bytes:
    """Committed in the intake leaf and in the tombstone."""
    return expand(root, LEDGER_LABEL)


def visits_key(root: CodeRoot) -> bytes:
    """Seals the counter of visits and their last day."""
    return expand(root, VISITS_LABEL)


def _symbol(char: str) -> str:
    """What one typed character stands for; nothing, if it is neither letter nor digit."""
    if not char.isalnum():
        return ""
    if char.isdecimal():
        return DECIMALS[unicodedata.decimal(char)]
    return char.translate(LOOKALIKES)
