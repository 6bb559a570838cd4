"""The outbox: sealed, shuffled, in once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crypto.chat_seal import KeyringChatSeal, Purpose
from crypto.keyring import Keyring
from domain.followup.outbox import LEASE, Outbox
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.ports.addresses import OutgoingKey
from domain.ports.chat import Language
from tests.fakes.stores import MemoryStores
from tests.fakes.world import FakeClock, FakeEntropy


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def outbox(clock: FakeClock) -> Outbox:
    return Outbox(
        stores=MemoryStores(),
        seal=KeyringChatSeal(Keyring.generate(), Purpose.OUTBOX),
        clock=clock,
        entropy=FakeEntropy(),
    )


def a_message(outbox: Outbox, chat: int = 4711, anchor: str = "2026-11-25") -> Message:
    return Message(
        subject=outbox.subject(chat),
        kind=MessageKind.FOLLOW_UP,
        anchor=anchor,
        due=outbox.clock.now(),
        to=Addressee(chat=chat, language=Language.KISWAHILI),
        facts={"county": "021", "moved": 5},
    )


async def test_a_message_comes_out_as_it_went_in_and_once(outbox: Outbox) -> None:
    message = a_message(outbox)
    assert await outbox.post([message, message]) == 1
    assert await outbox.post([message]) == 0
    (claimed,) = await outbox.claim(10)
    assert (claimed.message, claimed.tries) == (message, 1)
    await outbox.delivered(claimed.key)
    assert await outbox.post([message]) == 0
    assert await outbox.claim(10) == ()


async def test_after_a_crash_a_claimed_message_goes_out_again(
    outbox: Outbox, clock: FakeClock
) -> None:
    await outbox.post([a_message(outbox)])
    await outbox.claim(10)
    assert await outbox.claim(10) == ()
    clock.moment += LEASE
    assert [one.tries for one in await outbox.claim(10)] == [2]


async def test_a_row_moved_to_another_subject_is_set_aside_and_the_rest_goes_on(
    outbox: Outbox, clock: FakeClock
) -> None:
    await outbox.post([a_message(outbox), a_message(outbox, chat=4712)])
    async with outbox.stores.addresses() as addresses:
        first, second = await addresses.outgoing.claim(
            clock.now(), until=clock.now(), limit=2, urgent_only=False
        )
        forged = OutgoingKey(subject=b"f" * 32, kind=first.key.kind, anchor=first.key.anchor)
        await addresses.outgoing.done(first.key)
        await addresses.outgoing.add(
            type(first)(key=forged, due=first.due, urgent=False, sealed=first.sealed)
        )
        await addresses.commit()
    claimed = await outbox.claim(10)
    assert [one.key for one in claimed] == [second.key]
    async with outbox.stores.addresses() as addresses:
        assert (await addresses.outgoing.count())["aside"] == 1


async def test_what_waits_for_a_forgotten_chat_goes_and_that_anything_went_there(
    outbox: Outbox,
) -> None:
    """A notice is named by a secret, so only opened it tells whom it is for."""
    gone, waits = a_message(outbox, anchor="2026-11-24"), a_message(outbox)
    stays, secret = a_message(outbox, chat=4712), b"of a report's own secret".ljust(32)
    notices = [
        replace(message, kind=MessageKind.NOTICE, subject=secret, anchor=str(message.to.chat))
        for message in (waits, stays)
    ]
    await outbox.post([gone])
    await outbox.delivered((await outbox.claim(1))[0].key)
    await outbox.post([waits, stays, *notices])
    assert await outbox.forget(4711) == 3
    left = await outbox.claim(10)
    assert {one.message.to.chat for one in left} == {4712}
    assert len(left) == 2
    assert await outbox.post([gone]) == 1, "not even its key was left"


async def test_delivered_keys_are_forgotten_after_two_weeks(
    outbox: Outbox, clock: FakeClock
) -> None:
    await outbox.post([a_message(outbox)])
    (claimed,) = await outbox.claim(10)
    await outbox.delivered(claimed.key)
    clock.moment += timedelta(days=13)
    assert await outbox.forget_done() == 0
    clock.moment += timedelta(days=2)
    assert await outbox.forget_done() == 1
