"""What the bot says on its own: for each kind of message, its facts become a screen when it
leaves.
"""

from collections.abc import Callable, Mapping

from bot.dialogue.officer.digests import digest, escalation, nudge
from bot.dialogue.outgoing.follow_up import follow_up
from bot.dialogue.outgoing.notice import notice
from bot.dialogue.outgoing.pictured import chart, page
from bot.dialogue.outgoing.referral import referral
from bot.dialogue.outgoing.welcome import let_in
from bot.dialogue.screen import Screen
from domain.followup.outgoing import MessageKind

Letter = Callable[[Mapping[str, object]], Screen]

LETTERS: dict[MessageKind, Letter] = {
    MessageKind.FOLLOW_UP: follow_up,
    MessageKind.NOTICE: notice,
    MessageKind.REFERRAL: referral,
    MessageKind.NUDGE: nudge,
    MessageKind.ESCALATION: escalation,
    MessageKind.LET_IN: let_in,
    MessageKind.WEEKLY: digest,
    MessageKind.WEEKLY_CHART: chart,
    MessageKind.WEEKLY_PAGE: page,
    MessageKind.DAILY: digest,
}
