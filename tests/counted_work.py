"""What a look-up costs, counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import event

from crypto import code as codes
from crypto import symmetric
from crypto.context import Context
from tests.house import House


@dataclass(slots=True, kw_only=True)
class Work:
    """What one look-up cost: never times, which a busy machine would shake."""

    argon: int = 0
    opens: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)


@contextmanager
def counted(house: House) -> Iterator[Work]:
    """Argon2id derivations, AES-GCM opens by their field, and SQL statements in order."""
    work, unseal = Work(), symmetric.unseal

    def counting_derive(*given: Any, **named: Any) -> Argon2id:
        work.argon += 1
        return Argon2id(*given, **named)

    def counting_unseal(key: bytes, envelope: bytes, context: Context) -> bytes:
        work.opens.append(context.field)
        return unseal(key, envelope, context)

    def executed(*given: Any) -> None:
        work.statements.append(given[2])

    engines = [
        store.engine.sync_engine
        for store in (house.stores.cases_engine, house.stores.shreds_engine)
    ]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", executed)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(codes, "Argon2id", counting_derive)
        patched.setattr(symmetric, "unseal", counting_unseal)
        yield work
    for engine in engines:
        event.remove(engine, "before_cursor_execute", executed)
