"""The message with the unlock button: written once more where a crash left it, and emptied
where its button opens nothing any more.
"""

from bot.dialogue import moderator
from bot.dialogue.heard import Heard, Pressed
from bot.dialogue.moderator import enrolment, is_unlock
from bot.dialogue.moderator.buttons import read_share
from bot.dialogue.moderator.cards import ShowingButton, WritingPassphrase
from bot.dialogue.moderator.unlocking import dead_screen
from bot.dialogue.screen import Screen
from bot.telegram.staff_talk import StaffTalk
from domain.ports.sealing import ButtonOld
from domain.staff.enrol import EnrolmentDesk
from domain.staff.member import MemberId


def share_in(heard: Heard) -> bytes | None:
    return read_share(heard.button) if isinstance(heard, Pressed) and is_unlock(heard) else None


def is_being_kept(talk: StaffTalk, share: bytes) -> bool:
    """The button under a new passphrase: it says *written down*, not yet *unlock*."""
    state = talk.state
    card = state.card if isinstance(state, moderator.State) else None
    return isinstance(card, WritingPassphrase) and card.reissued.share == share


def took_the_place(talk: StaffTalk) -> int | None:
    """The message of the former button, once a new one stands in the chat."""
    state = talk.state
    if isinstance(state, moderator.State) and isinstance(state.card, ShowingButton):
        return talk.unlocked_by
    return None


async def button_again(share: bytes, desk: EnrolmentDesk, member_id: MemberId) -> Screen | None:
    """As the enrolment ended: without the passphrase, and with the six words for as long as
    they are needed. Without its button, if that one is old. None where nobody was enrolled.
    """
    async with desk.stores.cases() as cases:
        member = await cases.staff.member(member_id)
        let_in = bool(await cases.staff.copies(member_id))
    if member is None:
        return None
    try:
        desk.custody.check_button(member, share)
    except ButtonOld:
        return dead_screen()
    return enrolment.view(
        enrolment.Enrolled(
            language=desk.language,
            share=share,
            let_in=let_in,
            words=desk.custody.comparison_words(member),
        )
    )
