from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.intake.ordering import ChatId, Lanes, UpdateId

WINDOW = 5


def numbered(*numbers: int) -> list[UpdateId]:
    return [UpdateId(number) for number in numbers]


def test_the_offset_is_unknown_then_the_lowest_unfinished_then_one_above_the_last() -> None:
    lanes = Lanes()
    five, six = numbered(5, 6)
    unknown = lanes.offset
    assert unknown is None
    lanes.admit(five, ChatId(1))
    lanes.admit(six, ChatId(2))
    lanes.finish(six)
    assert lanes.offset == 5
    lanes.finish(five)
    assert lanes.offset == 7


def test_what_is_done_is_known_until_a_poll_confirmed_it() -> None:
    lanes = Lanes()
    five, six = numbered(5, 6)
    for update in (five, six):
        lanes.admit(update, None)
        lanes.finish(update)
    assert lanes.knows(five)
    lanes.forget_below(6)
    assert [lanes.knows(five), lanes.knows(six)] == [False, True]
    lanes.forget(six)
    assert not lanes.knows(six)


def test_what_waits_behind_the_one_whose_turn_it_is_is_known_by_chat() -> None:
    lanes = Lanes()
    here, elsewhere = ChatId(1), ChatId(2)
    one, two, three = numbered(1, 2, 3)
    for update in (one, two, three):
        lanes.admit(update, here)
    assert (lanes.first_of(here), lanes.behind(here)) == (one, (two, three))
    assert (lanes.first_of(elsewhere), lanes.behind(elsewhere)) == (None, ())
    lanes.finish(one)
    lanes.finish(two)
    assert (lanes.first_of(here), lanes.behind(here)) == (three, ())


def test_numbers_that_begin_anew_lower_are_followed() -> None:
    lanes = Lanes()
    high, low = numbered(9000, 12)
    lanes.admit(high, None)
    lanes.finish(high)
    lanes.admit(low, None)
    assert lanes.offset == 12
    lanes.finish(low)
    assert lanes.offset == 13


@given(
    chats=st.lists(st.one_of(st.none(), st.integers(1, 4)), max_size=40),
    data=st.data(),
)
def test_whatever_ends_when_nothing_is_lost_nothing_done_twice_and_order_is_kept(
    chats: list[int | None], data: st.DataObject
) -> None:
    """A Telegram that shows five at a time, and handlers that end in any order, also mid-poll."""
    pending = dict(enumerate(chats, start=100))
    lanes = Lanes()
    running: list[UpdateId] = []
    ended: list[UpdateId] = []

    def some_end(at_least: int) -> None:
        for _ in range(data.draw(st.integers(min(at_least, len(running)), len(running)))):
            update = data.draw(st.sampled_from(running))
            running.remove(update)
            ended.append(update)
            following = lanes.finish(update)
            if following is not None:
                running.append(following)

    while pending:
        offset = lanes.offset or 0
        confirmed = {number for number in pending if number < offset}
        assert confirmed <= set(ended)
        pending = {number: chat for number, chat in pending.items() if number >= offset}
        shown = list(pending.items())[:WINDOW]
        some_end(at_least=0)  # while the answer is under way
        for number, chat in shown:
            update = UpdateId(number)
            if not lanes.knows(update) and lanes.admit(
                update, None if chat is None else ChatId(chat)
            ):
                running.append(update)
        lanes.forget_below(offset)
        some_end(at_least=1)

    assert sorted(ended) == list(range(100, 100 + len(chats)))
    for chat in {chat for chat in chats if chat is not None}:
        in_chat = [number for number in ended if chats[number - 100] == chat]
        assert in_chat == sorted(in_chat)
