"""`/forums`: the list, a forum's card, its promises, and the county that is asked for."""

from dataclasses import replace

import pytest

from app.reference.load import load_commitments, load_forums
from bot.dialogue.citizen import has_draft
from bot.dialogue.citizen.forums import PAGE, RAISED_PAGE
from domain.forums.forum import Forum
from domain.ports.chat import Language
from domain.reports.report import ForumKey
from tests.fakes.citizen_talk import FakeDesk, Talk

NAIROBI = "forums:at:nairobi-2025-10-03"
JOINT = "forums:at:embu-meru-tharaka-nithi-2025-05"


def one(key: str) -> Forum:
    return next(forum for forum in load_forums() if forum.key == key)


def talk_of(*forums: Forum) -> Talk:
    return Talk(desk=FakeDesk(forums=forums))


async def test_the_list_is_newest_first_with_dates_as_exact_as_they_are_known() -> None:
    talk = Talk()
    assert "newest first" in await talk.says("/forums")
    tiles = [label for press, label in talk.buttons().items() if press.startswith("forums:at:")]
    assert tiles[:2] == ["22 October 2025: Kiambu", "3 October 2025: Nairobi"]
    assert len(tiles) == PAGE
    await talk.presses("forums:page:1")
    assert talk.buttons()[JOINT] == "May 2025: Embu, Meru, Tharaka-Nithi"
    assert "forums:page:2" not in talk.buttons()
    await talk.presses("forums:page:0")
    assert NAIROBI in talk.buttons()


async def test_a_forum_says_when_where_its_number_and_what_was_raised() -> None:
    talk = Talk()
    await talk.says("/forums")
    card = await talk.presses(NAIROBI)
    for part in (
        "Forum of 3 October 2025",
        "Counties: Nairobi",
        "Number 48 in the whole country",
        "Raised: Organised gangs; GBV",
        "As published, in its source's language.",
    ):
        assert part in card
    assert talk.buttons()["raised:promises"] == "Promises: 7"
    assert "day is not known" not in card
    assert "newest first" in await talk.presses("raised:back")


async def test_where_only_the_month_is_known_that_is_said() -> None:
    talk = Talk()
    await talk.says("/forums")
    card = await talk.presses("forums:page:1", JOINT)
    assert "Forum of May 2025" in card
    assert "The day is not known." in card
    assert "Number" not in card
    await talk.presses("raised:back")
    assert JOINT in talk.buttons()


async def test_promises_say_who_promised_what_where_and_who_reported_it() -> None:
    talk = Talk()
    await talk.says("/forums")
    card = await talk.presses(NAIROBI, "raised:promises")
    for part in (
        "Promise 1 of 7",
        "At the forum, 3 October 2025",
        "Nairobi split into North / East / West",
        "By: Ministry of Interior",
        "Source: source article",
        "As published",
    ):
        assert part in card
    assert "Due" not in card
    assert "In the national report, 2 December 2025" in await talk.presses("promise:1")
    await talk.presses(*(f"promise:{page}" for page in range(2, 7)))
    assert "promise:7" not in talk.buttons()
    assert "Forum of 3 October 2025" in await talk.presses("promise:back")


async def test_a_due_date_is_said_where_there_is_one() -> None:
    due = replace(load_commitments()[0], due="by June 2026")
    talk = Talk(desk=FakeDesk(commitments=(due,)))
    await talk.says("/forums")
    assert "Due: by June 2026" in await talk.presses(NAIROBI, "raised:promises")


async def test_nothing_known_is_said_to_be_nothing_known() -> None:
    talk = Talk(desk=FakeDesk(forums=(), commitments=()))
    assert "No forum is known here yet." in await talk.says("/forums")
    silent = replace(one("nairobi-2025-10-03"), concerns="")
    talk = Talk(desk=FakeDesk(forums=(silent,), commitments=()))
    await talk.says("/forums")
    card = await talk.presses(NAIROBI)
    assert "What was raised there is not known." in card
    assert "No promise made there is known." in card
    assert "As published" not in card
    assert "raised:promises" not in talk.buttons()


async def test_long_words_come_in_pages_and_none_is_lost() -> None:
    words = [f"concern-{number}" for number in range(60)]
    talk = talk_of(replace(one("nairobi-2025-10-03"), concerns=" ".join(words)))
    await talk.says("/forums")
    seen = await talk.presses(NAIROBI)
    page = 1
    while f"raised:{page}" in talk.buttons():
        seen += await talk.presses(f"raised:{page}")
        page += 1
    assert page > len(" ".join(words)) // RAISED_PAGE
    assert [word for word in words if word not in seen.split()] == []


@pytest.mark.parametrize("typed", ["meru", "county of meru", "MERU", "chuka"])
async def test_a_county_can_be_typed(typed: str) -> None:
    talk = Talk()
    await talk.says("/forums")
    await talk.presses("forums:county")
    card = await talk.says(typed)
    assert "newest first" in card
    assert [press for press in talk.buttons() if press.startswith("forums:at:")] == [JOINT]
    assert not has_draft(talk.state)
    await talk.presses("forums:all")
    assert NAIROBI in talk.buttons()


async def test_a_county_can_be_chosen_among_those_that_met() -> None:
    talk = Talk()
    await talk.says("/forums")
    await talk.presses("forums:county")
    assert talk.buttons()["seek:013"] == "Tharaka-Nithi"
    assert "seek:001" not in talk.buttons()
    assert "Forums of Tharaka-Nithi" in await talk.presses("seek:013")


async def test_counties_that_met_come_in_pages() -> None:
    nairobi = one("nairobi-2025-10-03")
    counties = [county.code for county in Talk().desk.gazetteer.counties()]
    many = [replace(nairobi, key=ForumKey(code), counties=(code,)) for code in counties]
    talk = talk_of(*many)
    await talk.says("/forums")
    await talk.presses("forums:county", "seek:page:1", "seek:page:2", "seek:page:3")
    assert talk.buttons()["seek:024"] == "West Pokot"
    assert "Forums of West Pokot" in await talk.presses("seek:024")


async def test_the_command_takes_a_county_too() -> None:
    talk = Talk()
    assert "Forums of Homa Bay" in await talk.says("/forums homabay")
    assert "Forums of Nairobi" in await talk.says("/forums nairobi mashariki")


async def test_a_county_without_a_forum_shows_what_was_promised_around_it() -> None:
    talk = Talk()
    card = await talk.says("/forums mombasa")
    assert "No forum of Mombasa is known here." in card
    assert "12 promises to its region or the country are known." in card
    assert "At forums of the region, 2025" in await talk.presses("forums:promises")
    assert "No forum of Mombasa" in await talk.presses("promise:back")


async def test_a_county_without_anything_says_so() -> None:
    talk = Talk(desk=FakeDesk(commitments=()))
    card = await talk.says("/forums mombasa")
    assert "No forum of Mombasa is known here." in card
    assert "promise" not in card


async def test_a_name_that_may_mean_several_counties_is_asked_about() -> None:
    talk = Talk()
    assert "Which of these do you mean?" in await talk.says("/forums kaloleni")
    choices = [press for press in talk.buttons() if press.startswith("seek:0")]
    assert len(choices) > 1
    await talk.presses(choices[0])
    assert "forums:all" in talk.buttons()


@pytest.mark.parametrize("way", ["typed", "command"])
async def test_a_name_nobody_knows_asks_again(way: str) -> None:
    talk = Talk()
    if way == "typed":
        await talk.says("/forums")
        await talk.presses("forums:county")
        card = await talk.says("Atlantis")
    else:
        card = await talk.says("/forums Atlantis")
    assert "was not recognised" in card
    assert "Which county's forums?" in card
    await talk.presses("seek:all")
    assert NAIROBI in talk.buttons()


async def test_a_report_waits_while_forums_are_read() -> None:
    talk = Talk()
    await talk.says("They came at night", "/forums")
    await talk.presses(NAIROBI, "home")
    assert talk.words() == ("They came at night",)
    assert "words:done" in talk.buttons()


async def test_words_typed_at_a_forum_begin_a_report() -> None:
    talk = Talk()
    await talk.says("/forums")
    await talk.presses(NAIROBI)
    await talk.says("They came at night")
    assert talk.words() == ("They came at night",)


async def test_an_old_tile_of_a_forum_changes_nothing() -> None:
    talk = Talk()
    menu = await talk.says("/start")
    assert await talk.presses_old(NAIROBI) == menu
    await talk.says("/forums")
    card = await talk.presses_old("forums:at:no-such-forum")
    assert "newest first" in card
    assert talk.toast() == "That button is old."


async def test_the_cards_speak_kiswahili_and_the_published_words_stay() -> None:
    talk = Talk.in_language(Language.KISWAHILI)
    await talk.says("/forums")
    card = await talk.presses(NAIROBI)
    assert "Jukwaa la 3 Oktoba 2025" in card
    assert "Yaliyosemwa: Organised gangs" in card
    assert "Maneno ya chanzo, katika lugha yake." in card
    assert "Katika jukwaa, 3 Oktoba 2025" in await talk.presses("raised:promises")
