from datetime import date

import pytest

from bot.dialogue.moderator.typed import read_queue
from domain.moderation.queue import Filter
from domain.ports.chat import Language
from domain.reports.report import Withdrawal
from domain.reports.state import State
from domain.reports.topic import Topic
from tests.fakes.moderator_desk import ME, OTHER, SECRET, report
from tests.fakes.moderator_talk import CATALOGUES, Talk
from tests.spoken import LANGUAGES, SPOKEN

ALL = "queue:any:any:any:0"


@pytest.fixture
async def talk() -> Talk:
    talk = Talk()
    talk.office.keeps(
        report("AAAAA1", topic=Topic.LAND, since=date(2026, 9, 1), received=date(2026, 9, 1)),
        report("BBBBB2", state=State.IN_REVIEW, claimed_by=ME),
        report("CCCCC3", state=State.IN_REVIEW, claimed_by=OTHER, danger=True),
        report("DDDDD4", state=State.WITHDRAWN),
    )
    await talk.unlocks()
    return talk


async def test_the_queue_shows_what_waits_and_no_word_of_it(talk: Talk) -> None:
    assert "3 open reports" in await talk.says("/queue")
    lines = [label for press, label in talk.buttons().items() if press.startswith("open:")]
    assert lines == [
        "CCCCC3 · DANGER, held · Theft and robbery · Murang'a · 2 November",
        "AAAAA1 · LATE · Land · Murang'a · 1 September",
        "BBBBB2 · yours · Theft and robbery · Murang'a · 2 November",
    ]
    assert not talk.screen().opened


async def test_a_withdrawal_shows_in_the_queue_and_on_the_report_and_has_no_button(
    talk: Talk,
) -> None:
    """So that pressure on somebody can be noticed; only the code stops it."""
    withdrawal = Withdrawal(asked=date(2026, 11, 2), proof=bytes(32))
    talk.office.keeps(report("EEEEE5", state=State.IN_REVIEW, claimed_by=ME, withdrawal=withdrawal))
    await talk.says("/queue mine")
    (label,) = [word for press, word in talk.buttons().items() if press == "open:EEEEE5"]
    assert "WITHDRAWING" in label
    assert "Destroyed early on 6 November, or later" in await talk.presses("open:EEEEE5")
    assert not [press for press in talk.buttons() if "withdraw" in press or "refer" in press]


async def test_each_line_has_a_button_that_opens_it(talk: Talk) -> None:
    await talk.says("/queue")
    assert SECRET in await talk.presses("open:AAAAA1")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("land", {"AAAAA1"}),
        ("ARDHI", {"AAAAA1"}),
        ("late", {"AAAAA1"}),
        ("imechelewa shamba", {"AAAAA1"}),
        ("mine", {"BBBBB2"}),
        ("yangu wizi", {"BBBBB2"}),
        ("theft, mine", {"BBBBB2"}),
        ("alcohol and drugs", set()),
        ("mine late", set()),
    ],
)
async def test_the_queue_is_narrowed_by_words_in_any_order(
    talk: Talk, typed: str, shown: set[str]
) -> None:
    await talk.says(f"/queue {typed}")
    assert {press[5:] for press in talk.buttons() if press.startswith("open:")} == shown


async def test_the_card_says_what_it_is_narrowed_to(talk: Talk) -> None:
    assert "Only: Land, LATE" in await talk.says("/queue late land")


async def test_an_empty_queue_says_so_and_offers_all(talk: Talk) -> None:
    assert "Nothing waits here." in await talk.says("/queue roads")
    assert "3 open reports" in await talk.presses(ALL)


@pytest.mark.parametrize("typed", ["sky", "land sky", "land roads", "late 7KQ2M9"])
async def test_an_unknown_word_lists_the_known_ones_above_the_same_card(
    talk: Talk, typed: str
) -> None:
    first = await talk.says("/queue mine")
    seen = await talk.says(f"/queue {typed}")
    assert seen.startswith("Known words: ")
    assert seen.endswith(first)


async def test_filters_are_buttons_that_go_on_and_off(talk: Talk) -> None:
    await talk.says("/queue")
    assert talk.buttons()[ALL] == "✓ All"
    await talk.presses("queue:any:late:any:0")
    assert "✓ Late" in talk.buttons().values()
    assert "Nothing waits here." in await talk.presses("queue:any:late:mine:0")
    assert talk.buttons()[ALL] == "All"
    assert "1 open report" in await talk.presses("queue:any:any:mine:0")
    assert "3 open reports" in await talk.presses(ALL)


async def test_a_typed_topic_stays_while_filters_change(talk: Talk) -> None:
    await talk.says("/queue theft")
    assert "Only: Theft and robbery, yours" in await talk.presses("queue:theft:any:mine:0")


async def test_a_long_queue_has_pages_of_eight() -> None:
    talk = Talk()
    talk.office.keeps(*(report(f"QQQQ{number:02}") for number in range(1, 18)))
    await talk.unlocks()
    seen = await talk.says("/queue")
    assert "Page 1 of 3" in seen
    assert len([press for press in talk.buttons() if press.startswith("open:")]) == 8
    assert "queue:any:any:any:1" in talk.buttons()
    await talk.presses("queue:any:any:any:1")
    assert "Page 3 of 3" in await talk.presses("queue:any:any:any:2")
    assert talk.buttons()["queue:any:any:any:1"] == "Previous"
    assert "queue:any:any:any:3" not in talk.buttons()
    assert "Page 3 of 3" in await talk.presses_old("queue:any:any:any:9999")


async def test_stats_count_what_waits(talk: Talk) -> None:
    seen = await talk.says("/stats")
    assert "Open: 3\nLate: 1\nYours: 1" in seen


@pytest.mark.parametrize("topic", Topic)
def test_a_topic_is_known_by_its_key(topic: Topic) -> None:
    for spelling in (topic.value, topic.value.replace("_", " "), topic.value.upper()):
        assert read_queue(spelling, SPOKEN) == Filter(topic=topic)


@pytest.mark.parametrize("topic", Topic)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_topic_is_known_by_its_name_on_the_tile(topic: Topic, language: Language) -> None:
    name = CATALOGUES.of(language).form(f"topic.{topic}")
    assert read_queue(f"late {name} mine", SPOKEN) == Filter(topic=topic, late=True, mine=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_the_bot_offers_is_understood(language: Language) -> None:
    offered = CATALOGUES.of(language).form("moderator.queue_words").partition(": ")[2]
    words = offered.split(", ")
    assert len(words) == len(Topic) + 2
    assert all(read_queue(word, SPOKEN) is not None for word in words)
    topics = [read.topic for word in words if (read := read_queue(word, SPOKEN)) and read.topic]
    assert topics == list(Topic)
