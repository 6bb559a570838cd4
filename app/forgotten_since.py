"""Who said `/forget` after a backup of *addresses* was made follows nothing in it, either."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from crypto.chat_seal import KeyringChatSeal, Purpose
from crypto.keyring import Keyring
from domain.ports.sealing import EnvelopeLost
from storage.dumping import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenSince:
    """`made`: when the backup was. `keyring` is read when there is a tombstone."""

    made: datetime
    keyring: Callable[[], Keyring]

    def among(self, tombstones: Collection[Row]) -> Callable[[Row], bool]:
        """Whether what a chat followed then is of one that was forgotten since. Of a row that no
        key opens nobody can say; nobody is written to by it.
        """
        if not tombstones:
            return lambda _: False
        keyring = self.keyring()
        tombs = KeyringChatSeal(keyring, Purpose.FORGOTTEN)
        followers = KeyringChatSeal(keyring, Purpose.FOLLOWER)
        since = {row["tag"] for row in tombstones if self._is_later(row, tombs)}

        def forgotten(subscription: Row) -> bool:
            try:
                plain = followers.open(subscription["tag"], subscription["sealed"])
            except EnvelopeLost:
                return False
            return not since.isdisjoint(tombs.tags(json.loads(plain)[0]))

        return forgotten

    def _is_later(self, row: Row, tombs: KeyringChatSeal) -> bool:
        """One that does not open was asked for by somebody, too."""
        try:
            moment = tombs.open(row["tag"], row["sealed"]).decode()
        except EnvelopeLost:
            return True
        return datetime.fromisoformat(moment) > self.made
