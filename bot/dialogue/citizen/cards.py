"""The cards a citizen can stand at. Data only: what each hears and shows lies in the
module of its own name.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.dialogue.heard import Commanded, Pressed, Typed
from bot.dialogue.screen import Text
from domain.digest.publication import Answered
from domain.followup.followers import Subject
from domain.forums.book import ForumList, ShownForum
from domain.forums.forum_date import ForumDate
from domain.forums.promised import Promise
from domain.lines.help_line import HelpLine
from domain.places.county import Place
from domain.reports.check import Checked
from domain.reports.dialogue import Said
from domain.reports.topic import Topic

Act = Typed | Pressed | Commanded


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingLanguage:
    """`then` is what was said before there was a language: it is heard again."""

    then: Act | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSafety: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingPhone: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Help: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesFor:
    topic: Topic
    lines: tuple[HelpLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forums:
    """`page` counts from 0, here and below."""

    listed: ForumList
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekingForums:
    """Of which county? `places` are offered; any other can be typed."""

    places: tuple[Place, ...]
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AtForum:
    """`page` of what was raised; `under` is the list it was chosen from."""

    shown: ShownForum
    under: Forums
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """One a page, and never none."""

    promises: tuple[Promise, ...]
    under: Forums | AtForum
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekingToFollow:
    """Of which county? Any other than those of `places` can be typed. `topic` is known
    already where it was typed.
    """

    places: tuple[Place, ...]
    topic: Topic | None = None
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingToFollow:
    """Everything in the county, or one topic?"""

    place: Place
    answered: Answered | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSubject:
    """`forum`: when it is, where a forum is followed; `places` are its counties, or the one
    that is followed.
    """

    subject: Subject
    places: tuple[Place, ...]
    forum: ForumDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingFollowed:
    subjects: tuple[ShownSubject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypingCode: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowingStanding:
    """`whose`: whose phone this is, is asked before news is sent to it."""

    checked: Checked
    whose: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringDesk:
    """The next message answers the question, or adds something where there is none."""

    checked: Checked
    question: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSummary:
    """What an office was told, and whether that is right."""

    checked: Checked
    summary: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawing:
    """What happens is said before it is asked for."""

    checked: Checked
    takes_effect: date


BRIEFLY, LONGER = timedelta(seconds=30), timedelta(minutes=2)
"""How long a message that deletes itself can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vanishing:
    """One line that deletes itself: the chat was cleared. `after`: longer where there is
    something to be looked for first.
    """

    text: Text
    after: timedelta = BRIEFLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetting:
    """The last line before this chat is a stranger's again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InDanger:
    lines: tuple[HelpLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingTopic: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingCounty:
    """`candidates`: what the typed name may have meant."""

    candidates: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowsingCounties:
    """`page` counts from 0."""

    places: tuple[Place, ...]
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingArea:
    """`whole` is the county, `areas` its parts with desks of their own."""

    whole: Place
    areas: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingForumCounty:
    """The counties of the forum whose poster was followed."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewing:
    """`copying`: Telegram shall let the code be copied."""

    copying: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class More: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingOut: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitingReach: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatingForum: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingCode:
    """The report is sent; its code is shown until it is written down."""


FirstUse = ChoosingLanguage | ReadingSafety | AskingPhone
OfForums = Forums | SeekingForums | AtForum | Promises
OfFollowing = SeekingToFollow | ChoosingToFollow | ListingFollowed
OfOwn = ShowingStanding | AnsweringDesk | ReadingSummary | Withdrawing
Aside = Menu | Help | Privacy | Lines | LinesFor | TypingCode
Leaving = Vanishing | Forgetting
Placing = ChoosingCounty | BrowsingCounties | ChoosingArea | ChoosingForumCounty
Wishing = More | KeepingOut | LimitingReach | RelatingForum
ReportStep = Writing | InDanger | ChoosingTopic | Placing | Reviewing | Wishing
Card = FirstUse | Aside | OfOwn | OfForums | OfFollowing | Leaving | ReportStep | KeepingCode
