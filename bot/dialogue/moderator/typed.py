"""What is typed after a command, forgiven its case, spaces, hyphens and underscores."""

from dataclasses import dataclass
from itertools import chain

from domain.moderation.queue import Filter
from domain.reports.reference import read_ref
from domain.reports.report import ReportRef
from domain.reports.state import NoActionReason, State, Want
from domain.reports.topic import Topic

LATE = frozenset({"late", "overdue", "chelewa", "imechelewa", "zimechelewa"})
MINE = frozenset({"mine", "yangu", "zangu"})

TOPIC_WORDS: dict[str, Topic] = {
    phrase.replace(" ", "_"): topic
    for topic, phrases in {
        Topic.GANGS: "gangs,gang,politics,gangs and politics,magenge,genge,siasa,magenge na siasa",
        Topic.VIOLENCE: "violence,gbv,harm,harm to women children,"
        "dhuluma,ukatili,dhuluma mama na mtoto,dhuluma wanawake watoto",
        Topic.ALCOHOL_DRUGS: "alcohol drugs,alcohol,drugs,alcohol and drugs,"
        "pombe,dawa,dawa za kulevya,pombe na dawa za kulevya",
        Topic.THEFT: "theft,robbery,theft and robbery,wizi,uporaji,wizi na uporaji",
        Topic.LAND: "land,ardhi,shamba",
        Topic.ROADS: "roads,road,barabara",
        Topic.OFFICIALS: "officials,police,police and officials,maafisa,polisi,polisi na maafisa",
        Topic.POLICE_NEEDS: "police needs,needs,what the police lack,mahitaji,mahitaji ya polisi",
        Topic.OTHER: "other,something else,nyingine,jambo lingine",
    }.items()
    for phrase in phrases.split(",")
}
"""What people call a topic, in English and Kiswahili; the names on the tiles too."""

STATE_WORDS: dict[str, State] = {state.value: state for state in State} | {
    "inakaguliwa": State.IN_REVIEW,
    "inashughulikiwa": State.IN_PROGRESS,
    "imekwama": State.BLOCKED,
    "imetatuliwa": State.CLAIMED_RESOLVED,
    "inasemekana_imetatuliwa": State.CLAIMED_RESOLVED,
    "bila_hatua": State.NO_ACTION,
    "imefungwa_bila_hatua": State.NO_ACTION,
    "imewasilishwa": State.REFERRED,
}

REASON_WORDS: dict[str, str] = {
    "gari": Want.VEHICLE,
    "mafuta": Want.FUEL,
    "mafuta_ya_gari": Want.FUEL,
    "wafanyakazi": Want.STAFF,
    "fedha": Want.BUDGET,
    "doria": Want.PATROLS,
    "kituo": Want.STATION,
    "vifaa": Want.EQUIPMENT,
    "matibabu": Want.REHABILITATION,
    "mamlaka": Want.JURISDICTION,
    "mahakama": Want.COURT,
    "haihusu_usalama": NoActionReason.NOT_SECURITY,
    "taarifa_chache": NoActionReason.TOO_LITTLE_TO_ACT_ON,
    "ilishughulikiwa": NoActionReason.ALREADY_HANDLED,
    "chombo_kingine": NoActionReason.ANOTHER_BODY,
}
"""What a Kiswahili moderator types; what is not here is tried as the domain's own word."""

MARKS = str.maketrans(dict.fromkeys("_-,:/", " "))

LONGEST = max(phrase.count("_") + 1 for phrase in (*TOPIC_WORDS, *STATE_WORDS))
"""Words in the longest name of a topic or state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedMove:
    """`ref` is empty when none was typed and nothing is opened. Whether `detail` is a reason
    is for the domain to say.
    """

    ref: str
    to: State
    detail: str | None


def read_queue(argument: str) -> Filter | None:
    """Topic, late and mine in any order; None when a word is not known."""
    words = _words(argument)
    asked = Filter()
    while words:
        for taken in range(min(LONGEST, len(words)), 0, -1):
            read = _with(asked, "_".join(words[:taken]))
            if read is not None:
                asked, words = read, words[taken:]
                break
        else:
            return None
    return asked


def _with(asked: Filter, word: str) -> Filter | None:
    match word:
        case _ if word in LATE:
            return Filter(topic=asked.topic, late=True, mine=asked.mine)
        case _ if word in MINE:
            return Filter(topic=asked.topic, late=asked.late, mine=True)
        case _ if word in TOPIC_WORDS and asked.topic in {None, TOPIC_WORDS[word]}:
            return Filter(topic=TOPIC_WORDS[word], late=asked.late, mine=asked.mine)
        case _:
            return None


def read_move(argument: str, opened: ReportRef | None) -> AskedMove | None:
    """REF (or the opened one), a state, a reason. None when no state is among the words.

    "merged" could be a REF too: with a report opened, it is the state.
    """
    words = _words(argument)
    found = [
        AskedMove(ref="".join(words[:at]) if at else opened or "", to=to, detail=detail)
        for at in range(len(words))
        for to, detail in _state(words[at:])
    ]
    whole = [move for move in found if read_ref(move.ref)]
    return next(chain(whole, found), None)


def read_ask(argument: str, opened: ReportRef | None) -> tuple[str | None, str]:
    """Of which report, and the words. Beside an opened report a first word of six small
    letters is a word: only with a digit, or in capitals, is it a REF.
    """
    first, _, rest = argument.strip().partition(" ")
    ref = read_ref(first)
    like_a_ref = first.isupper() or any(sign.isdigit() for sign in first)
    if ref is not None and (opened is None or ref == opened or like_a_ref):
        return ref, rest.strip()
    return opened, argument.strip()


def _state(words: list[str]) -> list[tuple[State, str | None]]:
    """The state these words begin with, and the reason that is left of them."""
    for taken in range(min(LONGEST, len(words)), 0, -1):
        name = "_".join(words[:taken])
        if name in STATE_WORDS:
            reason = "_".join(words[taken:]) or None
            return [(STATE_WORDS[name], REASON_WORDS.get(reason or "", reason))]
    return []


def _words(argument: str) -> list[str]:
    return argument.casefold().translate(MARKS).split()
