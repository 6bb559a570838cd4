"""The forums and promises that are known now, as citizens ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.forums.commitment import Commitment
from domain.forums.forum import Forum
from domain.forums.nearest import nearest
from domain.forums.promised import Promise, promised_around, promised_at
from domain.places.county import CountyCode, Place
from domain.places.gazetteer import Gazetteer


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownForum:
    """`places`: its counties, in its own order."""

    forum: Forum
    places: tuple[Place, ...]
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumList:
    """Newest first. `place` is the county asked for; None is the whole country.

    `counties` have a forum, by name. `promises` are made around a county whose own forums
    are not known.
    """

    place: Place | None
    forums: tuple[ShownForum, ...]
    counties: tuple[Place, ...]
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumBook:
    """`forums` by date, as the store gives them."""

    forums: Sequence[Forum]
    commitments: Sequence[Commitment]
    gazetteer: Gazetteer

    def listed(self, county: CountyCode | None) -> ForumList:
        """Raises CountyUnknown."""
        met = {code for forum in self.forums for code in forum.counties}
        found = tuple(
            self._shown(forum)
            for forum in reversed(self.forums)
            if county is None or county in forum.counties
        )
        alone = () if found or county is None else self._around(county)
        return ForumList(
            place=None if county is None else self.gazetteer.county(county).place,
            forums=found,
            counties=tuple(each.place for each in self.gazetteer.counties() if each.code in met),
            promises=alone,
        )

    def by_key(self, key: str) -> ShownForum | None:
        return next((self._shown(forum) for forum in self.forums if forum.key == key), None)

    def nearest(self, county: CountyCode, today: date) -> ShownForum | None:
        found = nearest(self.forums, county, today)
        return self._shown(found) if found else None

    def _shown(self, forum: Forum) -> ShownForum:
        return ShownForum(
            forum=forum,
            places=tuple(self.gazetteer.county(code).place for code in forum.counties),
            promises=promised_at(forum, self.commitments, self.gazetteer),
        )

    def _around(self, county: CountyCode) -> tuple[Promise, ...]:
        return promised_around(county, self.commitments, self.gazetteer)
