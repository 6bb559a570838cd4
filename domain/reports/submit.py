"""*Send*: the one moment a report comes into being."""

from dataclasses import dataclass

from domain.desks.desk import DeskKey, NobodyReads, desk_for
from domain.errors import DomainError
from domain.ledger.leaf import intake_leaf
from domain.ports.sealing import FreshCode, Sealer, Words
from domain.ports.stores import Cases, Changed, Stores
from domain.ports.world import Clock, Entropy
from domain.reports.draft import Draft, Incomplete
from domain.reports.event import Event, EventKind
from domain.reports.reference import new_ref
from domain.reports.report import Report
from domain.reports.state import Author, State
from domain.staff.member import DeskPublic
from domain.staff.signers import refuse_if_planted

SHRED_KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The report is on disk, whole and sealed; its code is live."""


class ReaderChanged(DomainError):
    """Another desk would read now than the one that was shown."""

    key = "error.reader_changed"


class SentAlready(DomainError):
    """The draft is sent, and its code is the one shown then."""

    key = "error.sent_already"


async def submit(
    draft: Draft,
    code: FreshCode,
    *,
    stores: Stores,
    sealer: Sealer,
    clock: Clock,
    entropy: Entropy,
    reader: DeskKey | None = None,
) -> Sent:
    """Idempotent by the draft's nonce. `reader`: the desk the citizen was shown, if one was.

    1. Choose the desk that reads, and its newest certified key.
    2. Keep the shred key: alone, it opens nothing and leads nowhere.
    3. Seal under it, outside any transaction.
    4. Keep report, files, first event and pending leaf in one transaction.

    Raises Incomplete, NobodyReads, KeyRefused, LocatorTaken (mint again), ReaderChanged,
    SentAlready.
    """
    if draft.topic is None or draft.county is None or draft.is_empty:
        raise Incomplete
    async with stores.cases() as cases:
        if earlier := await cases.reports.get(draft.nonce):
            return _sent(earlier, code)
        key = await _reading_key(draft, reader, cases)
        await refuse_if_planted(key, sealer.signer, cases)

    async with stores.shreds() as shreds:
        shred_key = await shreds.keep(draft.nonce, entropy.token(SHRED_KEY_BYTES))
        await shreds.commit()

    words = Words(
        messages=draft.words,
        topic=draft.topic,
        kept_out=draft.kept_out,
        how_far=draft.how_far,
        files=draft.kinds,
    )
    sealed = await sealer.seal(
        draft.nonce, words, desk=key, code=code, shred_key=shred_key, files=draft.files
    )

    now = clock.now()
    report = Report(
        id=draft.nonce,
        ref=new_ref(entropy),
        locator=code.locator,
        county=draft.county,
        area=draft.area,
        topic=draft.topic,
        danger=draft.danger,
        forum=draft.forum,
        forum_relation=draft.forum_relation,
        kept_out=draft.kept_out,
        how_far=draft.how_far,
        received=now.date(),
        received_hour=now.hour if draft.danger else None,
        since=now.date(),
        desk=key.desk,
        generation=key.generation,
        sealed=sealed.report,
        visits=sealed.visits,
        intake_leaf=intake_leaf(code.commitment),
    )
    async with stores.cases() as cases:
        try:
            await cases.reports.add(report)
        except Changed:  # another *Send* of this draft was quicker
            earlier = await cases.reports.get(draft.nonce)
            assert earlier is not None
            return _sent(earlier, code)
        if sealed.files is not None:
            await cases.attachments.add(report.id, sealed.files)
        await cases.events.add(
            Event(
                report=report.id,
                number=0,
                kind=EventKind.RECEIVED,
                author=Author.CITIZEN,
                state=State.RECEIVED,
                day=report.received,
            )
        )
        await cases.leaves.add(report.intake_leaf)
        await cases.commit()
    return Sent()


def _sent(earlier: Report, code: FreshCode) -> Sent:
    if earlier.locator != code.locator:
        raise SentAlready
    return Sent()


async def _reading_key(draft: Draft, reader: DeskKey | None, cases: Cases) -> DeskPublic:
    assert draft.county is not None
    staffed = await cases.staff.staffed()
    desk = desk_for(draft.county, draft.area, draft.kept_out, staffed)
    if reader not in {None, desk}:
        raise ReaderChanged
    key = await cases.staff.newest_key(desk)
    if key is None:
        raise NobodyReads
    return key
