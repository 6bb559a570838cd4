"""A report begun from a forum's poster, and a forum chosen under *More*."""

from dataclasses import replace
from datetime import date

import pytest

from app.reference.load import load_forums
from bot.dialogue.citizen.state import Unsent
from domain.desks.desk import NATIONAL
from domain.ports.chat import Language
from domain.reports.draft import Draft
from domain.reports.wishes import ForumRelation
from tests.fakes.citizen_talk import FakeDesk, Talk
from tests.spoken import LANGUAGES

WAJIR = "/start f-wajir-2025-09-25"
NAIROBI = "/start f-nairobi-2025-10-03"
JOINT = "/start f-embu-meru-tharaka-nithi-2025-05"


def draft(talk: Talk) -> Draft:
    assert isinstance(talk.state.report, Unsent)
    return talk.state.report.draft


async def from_poster(link: str, *, day: date | None = None) -> Talk:
    """Words are written and a topic is chosen."""
    talk = Talk(desk=FakeDesk(day=day) if day else FakeDesk())
    await talk.says(link, "They came at night")
    await talk.presses("words:done", "topic:gangs")
    return talk


async def test_a_poster_leads_from_words_and_topic_to_the_review_card() -> None:
    talk = Talk()
    card = await talk.says(WAJIR)
    assert "Write what happened" in card
    assert "After the forum of 25 September 2025" in card
    await talk.says("They came at night")
    await talk.presses("words:done")
    card = await talk.presses("topic:gangs")
    assert "NOT SENT YET" in card
    assert "Place: Wajir" in card
    assert "After the forum of 25 September 2025" in card
    await talk.presses("review:send")
    [(sent, _)] = talk.desk.sent
    assert (sent.county, sent.forum) == ("008", "wajir-2025-09-25")
    assert sent.forum_relation is ForumRelation.AFTER


async def test_before_the_forum_a_report_comes_before_it() -> None:
    talk = await from_poster(WAJIR, day=date(2025, 9, 24))
    assert "Before the forum of 25 September 2025" in talk.sees()


async def test_back_from_the_review_card_leads_to_the_topic_and_forth_again() -> None:
    talk = await from_poster(WAJIR)
    assert "topic:land" in (await talk.presses("review:back"), talk.buttons())[1]
    assert "Place: Wajir" in await talk.presses("topic:land")


async def test_a_joint_forum_asks_which_of_its_counties() -> None:
    talk = await from_poster(JOINT)
    assert "joined several counties" in talk.sees()
    tiles = {press for press in talk.buttons() if press.startswith("poster:0")}
    assert tiles == {"poster:012", "poster:013", "poster:014"}
    await talk.presses("poster:back")
    assert "topic:gangs" in talk.buttons()
    await talk.presses("topic:gangs", "poster:012")
    assert "Place: Meru" in talk.sees()
    assert draft(talk).forum == "embu-meru-tharaka-nithi-2025-05"
    assert "poster:013" in (await talk.presses("review:back"), talk.buttons())[1]


async def test_nairobi_asks_its_area_and_keeps_the_forum() -> None:
    talk = await from_poster(NAIROBI)
    assert "Which part of Nairobi?" in talk.sees()
    await talk.presses("area:back")
    assert "topic:gangs" in talk.buttons()
    await talk.presses("topic:gangs", "area:nairobi-east")
    assert draft(talk).area == "nairobi-east"
    assert draft(talk).forum == "nairobi-2025-10-03"
    assert "area" not in draft(talk).forum_relation


async def test_another_county_typed_for_the_area_drops_the_forum() -> None:
    talk = await from_poster(NAIROBI)
    talk.state = replace(talk.state)
    await talk.presses("area:unsure", "review:more", "more:forum", "forum:none")
    await talk.presses("wish:back", "more:back", "review:back")
    await talk.says("nyeri")
    assert draft(talk).county == "019"
    assert draft(talk).forum is None
    assert "forum" not in talk.sees()
    assert "No forum near today" in await talk.presses("review:more", "more:forum")


async def test_not_about_the_posters_forum_can_be_said_and_taken_back() -> None:
    talk = await from_poster(WAJIR)
    card = await talk.presses("review:more", "more:forum")
    assert "about the forum of 25 September 2025 in Wajir?" in card
    assert talk.buttons()["forum:after"] == "✓ After a forum"
    await talk.presses("forum:none", "wish:back", "more:back")
    assert draft(talk).forum is None
    assert "forum" not in talk.sees()
    await talk.presses("review:more", "more:forum", "forum:before", "wish:back", "more:back")
    assert "Before the forum of 25 September 2025" in talk.sees()
    assert draft(talk).forum == "wajir-2025-09-25"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_stranger_goes_through_the_first_cards_and_straight_on(language: Language) -> None:
    talk = Talk.of_a_stranger()
    await talk.says(WAJIR)
    await talk.presses(f"language:{language}")
    assert "safety:read" in talk.buttons()
    await talk.presses("safety:read", "phone:mine")
    assert "words:done" in talk.buttons()
    assert talk.desk.remembered == (language, False)
    await talk.says("Walikuja usiku")
    await talk.presses("words:done", "topic:gangs", "review:send")
    [(sent, _)] = talk.desk.sent
    assert sent.forum == "wajir-2025-09-25"


async def test_words_written_before_the_poster_was_followed_are_kept() -> None:
    talk = Talk()
    await talk.says("They came at night")
    await talk.presses("words:done", "topic:gangs")
    await talk.says("nyeri", WAJIR)
    assert talk.words() == ("They came at night",)
    await talk.presses("words:done", "topic:gangs")
    assert "Place: Wajir" in talk.sees()
    assert talk.desk.minted == 1


@pytest.mark.parametrize("key", ["f-atlantis-2025-01", "f-", "f-WAJIR", "f-021"])
async def test_an_unknown_key_gets_a_line_and_the_menu(key: str) -> None:
    talk = Talk()
    card = await talk.says(f"/start {key}")
    assert "This forum is not known here." in card
    assert "menu:report" in talk.buttons()
    assert talk.state.report is None


async def test_a_stranger_with_an_unknown_key_is_welcomed_all_the_same() -> None:
    talk = Talk.of_a_stranger()
    await talk.says("/start f-atlantis-2025-01")
    card = await talk.presses("language:en")
    assert "This forum is not known here." in card
    await talk.presses("safety:read", "phone:shared")
    assert "menu:report" in talk.buttons()


async def test_nothing_is_begun_while_nobody_reads() -> None:
    talk = Talk(desk=FakeDesk(staffed=set()))
    assert "Nobody reads reports here yet." in await talk.says(WAJIR)
    assert talk.state.report is None
    talk.desk.staffed.add(NATIONAL)
    await talk.says(WAJIR)
    assert "words:done" in talk.buttons()


async def test_a_code_that_waits_is_written_down_first() -> None:
    talk = await from_poster(WAJIR)
    await talk.presses("review:send")
    assert "First write this code down" in await talk.says(WAJIR)
    assert "sent:written" in talk.buttons()


async def near_a_forum() -> Talk:
    """A usual report of Wajir, ten days after its forum."""
    talk = Talk(desk=FakeDesk(day=date(2025, 10, 5)))
    await talk.says("They came at night")
    await talk.presses("words:done", "topic:gangs")
    await talk.says("wajir")
    return talk


async def test_a_usual_report_is_offered_the_nearest_forum_and_nothing_is_chosen() -> None:
    talk = await near_a_forum()
    assert "forum" not in talk.sees()
    assert "25 September 2025 in Wajir?" in await talk.presses("review:more", "more:forum")
    assert talk.buttons()["forum:none"] == "✓ Not about a forum"
    assert draft(talk).forum is None
    await talk.presses("forum:after", "wish:back", "more:back")
    assert "After the forum of 25 September 2025" in talk.sees()
    assert draft(talk).forum == "wajir-2025-09-25"


async def test_the_forum_of_one_county_is_not_that_of_another() -> None:
    talk = await near_a_forum()
    await talk.presses("review:more", "more:forum", "forum:after", "wish:back", "more:back")
    await talk.presses("review:back")
    assert "forum" not in await talk.says("mandera")
    assert draft(talk).forum_relation is ForumRelation.NONE
    assert "22 September 2025 in Mandera?" in await talk.presses("review:more", "more:forum")


async def test_where_no_forum_is_near_a_report_can_still_be_about_one() -> None:
    talk = await near_a_forum()
    talk.desk.forums = ()
    assert "No forum near today is known" in await talk.presses("review:more", "more:forum")
    await talk.presses("forum:after", "wish:back", "more:back")
    assert "Forum: After a forum" in talk.sees()
    assert draft(talk).forum is None
    talk.desk.forums = load_forums()
    await talk.presses("review:more", "more:forum")
    assert talk.buttons()["forum:after"] == "After a forum"
    await talk.presses("wish:back", "more:back")
    assert "25 September" not in talk.sees()
