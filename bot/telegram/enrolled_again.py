"""The message of an enrolment, written once more for its own unlock button."""

from bot.dialogue.heard import Heard, Pressed
from bot.dialogue.moderator import enrolment, is_unlock
from bot.dialogue.moderator.buttons import read_share
from bot.dialogue.screen import Screen
from domain.staff.enrol import EnrolmentDesk
from domain.staff.member import MemberId


async def enrolled_again(heard: Heard, desk: EnrolmentDesk, member_id: MemberId) -> Screen | None:
    """As the enrolment ended: without the passphrase, and with the six words for as long as
    they are needed. None for any other button, and where nobody was enrolled.
    """
    share = read_share(heard.button) if isinstance(heard, Pressed) and is_unlock(heard) else None
    if share is None:
        return None
    async with desk.stores.cases() as cases:
        member = await cases.staff.member(member_id)
        let_in = bool(await cases.staff.copies(member_id))
    if member is None:
        return None
    return enrolment.view(
        enrolment.Enrolled(
            language=desk.language,
            share=share,
            let_in=let_in,
            words=desk.custody.comparison_words(member),
        )
    )
