"""`/follow` and `/following`: typed or chosen, told what is followed, and stopped."""

from datetime import date

import pytest

from bot.dialogue.citizen import has_draft
from domain.digest.publication import Answered
from domain.followup.followers import MOST, CountyFollowed, ForumFollowed
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.reports.report import ForumKey
from domain.reports.topic import Topic
from tests.fakes.citizen_talk import FakeDesk, Talk

NAKURU = CountyCode("032")
EN, SW = Language.ENGLISH, Language.KISWAHILI
FORUM = ForumKey("nairobi-2025-10-03")


async def test_a_county_is_typed_and_a_topic_chosen() -> None:
    talk = Talk()
    assert "Which county do you want to follow?" in await talk.says("/follow")
    assert "What do you want to follow in Nakuru?" in await talk.says("nakuru town")
    card = await talk.presses("follow:land")
    assert "You now follow: Land, Nakuru" in card
    assert talk.buttons()[f"unfollow:{NAKURU}:land"] == "Stop: Land, Nakuru"
    assert await talk.desk.following.subjects() == (
        CountyFollowed(county=NAKURU, topic=Topic.LAND),
    )
    assert not has_draft(talk.state)


async def test_a_county_can_be_chosen_page_by_page_and_everything_in_it_followed() -> None:
    talk = Talk()
    await talk.says("/follow")
    await talk.presses("seekfollow:page:1", "seekfollow:page:2", f"seekfollow:{NAKURU}")
    await talk.presses("follow:back")
    await talk.says("nakuru")
    assert "You now follow: Nakuru" in await talk.presses("follow:all")


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("nakuru", None),
        ("land in nakuru", Topic.LAND),
        ("LAND nakuru", Topic.LAND),
        ("ardhi katika nakuru", Topic.LAND),
        ("wizi wa nakuru", Topic.THEFT),
        ("land and boundaries in nakuru", Topic.LAND),
    ],
)
async def test_all_can_be_typed_at_once(typed: str, topic: Topic | None) -> None:
    talk = Talk()
    card = await talk.says(f"/follow {typed}")
    if topic is None:
        assert "What do you want to follow in Nakuru?" in card
        card = await talk.presses("follow:all")
    assert "You now follow" in card
    assert await talk.desk.following.subjects() == (CountyFollowed(county=NAKURU, topic=topic),)


async def test_a_topic_alone_asks_for_the_county() -> None:
    talk = Talk()
    assert "Which county" in await talk.says("/follow land")
    await talk.says("nakuru")
    assert await talk.desk.following.subjects() == (
        CountyFollowed(county=NAKURU, topic=Topic.LAND),
    )
    await talk.says("/follow theft")
    await talk.presses("seekfollow:030")
    assert len(await talk.desk.following.subjects()) == 2


@pytest.mark.parametrize("typed", ["Atlantis", "land in Atlantis", "???", "x" * 5000])
async def test_a_place_nobody_knows_is_asked_again(typed: str) -> None:
    talk = Talk()
    card = await talk.says(f"/follow {typed}")
    assert "was not recognised" in card
    assert "Which county" in card
    assert await talk.desk.following.subjects() == ()


async def test_a_topic_nobody_knows_is_said_and_chosen_instead() -> None:
    talk = Talk()
    card = await talk.says("/follow dragons in nakuru")
    assert "That topic was not recognised" in card
    assert "What do you want to follow in Nakuru?" in card


async def test_a_name_that_may_mean_several_counties_is_asked_about() -> None:
    talk = Talk()
    assert "Which of these do you mean?" in await talk.says("/follow land in kaloleni")
    press = next(each for each in talk.buttons() if each.startswith("seekfollow:0"))
    assert "You now follow: Land," in await talk.presses(press)


async def test_on_a_shared_phone_nothing_is_followed_and_the_reason_is_said() -> None:
    for language, reason in ((EN, "others would see"), (SW, "wengine wangeona")):
        talk = Talk.in_language(language, shared=True)
        assert reason in await talk.says("/follow nakuru")
        await talk.says("/forums")
        await talk.presses(f"forums:at:{FORUM}")
        assert reason in await talk.presses("raised:follow")
        assert await talk.desk.following.subjects() == ()


async def test_whoever_has_not_said_whose_phone_it_is_is_asked_first() -> None:
    talk = Talk.of_a_stranger()
    await talk.says("/follow nakuru")
    card = await talk.presses("language:en")
    assert "First say whose phone this is" in card
    await talk.presses("phone:mine")
    assert "What do you want to follow" in await talk.says("/follow nakuru")


async def test_a_forum_is_followed_from_its_card() -> None:
    talk = Talk()
    await talk.says("/forums")
    await talk.presses(f"forums:at:{FORUM}")
    card = await talk.presses("raised:follow")
    assert "You now follow: Forum of 3 October 2025: Nairobi" in card
    assert await talk.desk.following.subjects() == (ForumFollowed(forum=FORUM),)
    talk.desk.forums = ()
    await talk.says("/following")
    assert talk.buttons()[f"unfollow:f:{FORUM}"] == "Stop: a forum"


async def test_each_can_be_stopped_and_an_old_button_stops_nothing_else() -> None:
    talk = Talk()
    await talk.says("/follow land in nakuru", "/follow theft in nakuru", "/following")
    await talk.presses(f"unfollow:{NAKURU}:land")
    assert "Stopped." in talk.sees()
    await talk.presses_old(f"unfollow:{NAKURU}:land")
    assert len(await talk.desk.following.subjects()) == 1
    card = await talk.presses(f"unfollow:{NAKURU}:theft")
    assert "You follow nothing." in card
    assert "Which county" in await talk.presses("followed:more")


async def test_an_eleventh_is_refused_with_a_way_out() -> None:
    talk = Talk()
    for number in range(1, MOST + 1):
        subject = CountyFollowed(county=CountyCode(f"{number:03}"))
        await talk.desk.following.follow(EN, subject)
    assert "You follow 10 already" in await talk.says("/follow land in nakuru")


async def test_the_county_says_what_became_of_its_concerns() -> None:
    answered = Answered(since=date(2026, 11, 2), read=40, passed_on=15, done=5, confirmed=0)
    talk = Talk(desk=FakeDesk(published={NAKURU: answered}))
    card = await talk.says("/follow nakuru")
    assert "about 40 read, about 15 passed on, about 5 said done, few confirmed" in card
    assert "Published since 2 November" in card
    assert "Published" not in await talk.says("/follow mombasa")


async def test_the_button_under_the_news_opens_what_is_followed() -> None:
    talk = Talk()
    await talk.says("/follow land in nakuru")
    await talk.says("/help")
    assert "This is what you follow." in await talk.presses_old("menu:following")


async def test_a_report_waits_while_one_follows() -> None:
    talk = Talk()
    await talk.says("They fight by the river", "/follow nakuru")
    assert has_draft(talk.state)
    await talk.presses("home")
    assert talk.words() == ("They fight by the river",)
