"""`view`: the card a state shows. Pure."""

from dataclasses import replace
from typing import assert_never

from bot.dialogue.citizen import (
    check,
    follow,
    forums,
    lines,
    menu,
    own,
    place,
    poster,
    report,
    review,
    start,
    wishes,
    withdraw,
)
from bot.dialogue.citizen.cards import (
    BRIEFLY,
    AnsweringDesk,
    Aside,
    AskingPhone,
    AtForum,
    BrowsingCounties,
    ChoosingArea,
    ChoosingCounty,
    ChoosingForumCounty,
    ChoosingLanguage,
    ChoosingToFollow,
    ChoosingTopic,
    FirstUse,
    Forgetting,
    Forums,
    Help,
    InDanger,
    KeepingCode,
    KeepingOut,
    Leaving,
    LimitingReach,
    Lines,
    LinesFor,
    ListingFollowed,
    Menu,
    More,
    OfFollowing,
    OfForums,
    OfOwn,
    Privacy,
    Promises,
    ReadingSafety,
    ReadingSummary,
    RelatingForum,
    ReportStep,
    Reviewing,
    SeekingForums,
    SeekingToFollow,
    ShowingStanding,
    TypingCode,
    Vanishing,
    Wishing,
    Withdrawing,
    Writing,
)
from bot.dialogue.citizen.state import Delivered, State, Unsent
from bot.dialogue.screen import Screen, Text


def view(state: State) -> Screen:
    """What answers the last act stands above the card."""
    screen = _card(state)
    if state.person.language is not None:
        screen = replace(screen, paragraphs=(*state.lines, *screen.paragraphs))
    return replace(screen, toast=state.toast, untaken=state.untaken)


def _card(state: State) -> Screen:
    match state.card, state.report:
        case (ChoosingLanguage() | ReadingSafety() | AskingPhone()) as card, _:
            return _first_use(state, card)
        case (Vanishing() | Forgetting()) as card, _:
            return _leaving(card)
        case KeepingCode(), Delivered() as delivered:
            return review.keeping_screen(delivered)
        case (Menu() | Help() | Privacy() | Lines() | LinesFor() | TypingCode()) as card, _:
            return _aside(state, card)
        case (
            (ShowingStanding() | AnsweringDesk() | ReadingSummary() | Withdrawing()) as card,
            _,
        ):
            return _of_own(state, card)
        case (Forums() | SeekingForums() | AtForum() | Promises()) as card, _:
            return _of_forums(state, card)
        case (SeekingToFollow() | ChoosingToFollow() | ListingFollowed()) as card, _:
            return _of_following(state, card)
        case KeepingCode(), _:
            return menu.menu_screen(state)
        case card, Unsent() as unsent:
            return _step(state, unsent, card)
        case _:
            return menu.menu_screen(state)


def _first_use(state: State, card: FirstUse) -> Screen:
    match card:
        case ChoosingLanguage():
            return start.language_screen(state)
        case ReadingSafety():
            return start.safety_screen(state)
        case AskingPhone():
            return start.phone_screen()
        case _:
            assert_never(card)


def _leaving(card: Leaving) -> Screen:
    match card:
        case Vanishing(text=text, after=after):
            return Screen(paragraphs=(text,), brief=after)
        case Forgetting():
            return Screen(paragraphs=(Text("forget.done"),), brief=BRIEFLY)
        case _:
            assert_never(card)


def _aside(state: State, card: Aside) -> Screen:
    match card:
        case Menu():
            return menu.menu_screen(state)
        case Help():
            return menu.help_screen(state)
        case Privacy():
            return menu.privacy_screen(state, card)
        case Lines():
            return lines.topics_screen(state)
        case LinesFor():
            return lines.lines_screen(state, card)
        case TypingCode():
            return check.typing_screen(state)
        case _:
            assert_never(card)


def _of_own(state: State, card: OfOwn) -> Screen:
    match card:
        case ShowingStanding():
            return check.standing_screen(state, card)
        case AnsweringDesk():
            return own.answering_screen(state, card)
        case ReadingSummary():
            return own.summary_screen(state, card)
        case Withdrawing():
            return withdraw.confirming_screen(state, card)
        case _:
            assert_never(card)


def _of_forums(state: State, card: OfForums) -> Screen:
    match card:
        case Forums():
            return forums.list_screen(state, card)
        case SeekingForums():
            return forums.seeking_screen(state, card)
        case AtForum():
            return forums.forum_screen(state, card)
        case Promises():
            return forums.promises_screen(state, card)
        case _:
            assert_never(card)


def _of_following(state: State, card: OfFollowing) -> Screen:
    match card:
        case SeekingToFollow():
            return follow.seeking_screen(state, card)
        case ChoosingToFollow():
            return follow.choosing_screen(state, card)
        case ListingFollowed():
            return follow.listing_screen(state, card)
        case _:
            assert_never(card)


def _step(state: State, unsent: Unsent, card: ReportStep) -> Screen:
    match card:
        case Writing():
            return report.words_screen(unsent)
        case InDanger():
            return report.danger_screen(card)
        case ChoosingTopic():
            return report.topic_screen()
        case ChoosingCounty():
            return place.county_screen(card)
        case BrowsingCounties():
            return place.browsing_screen(card)
        case ChoosingArea():
            return place.area_screen(card)
        case ChoosingForumCounty():
            return poster.county_screen(card)
        case Reviewing():
            return review.review_screen(state, unsent, card)
        case More() | KeepingOut() | LimitingReach() | RelatingForum():
            return _wish(unsent, card)
        case _:
            assert_never(card)


def _wish(unsent: Unsent, card: Wishing) -> Screen:
    match card:
        case More():
            return wishes.more_screen()
        case KeepingOut():
            return wishes.keeping_out_screen(unsent.draft)
        case LimitingReach():
            return wishes.reach_screen(unsent.draft)
        case RelatingForum():
            return wishes.forum_screen(unsent)
        case _:
            assert_never(card)
