"""The two drills, as an operator and custodians do them, with what is looked at on the way."""

import asyncio
import re
from collections.abc import Callable, Mapping

from crypto.custodians import SHARES
from tests.drills.people import Moderator, People, Sent
from tests.drills.terminal import Terminal

PAYLOAD = re.compile(r"/start (m-[\w-]+)")
OTIENO, WANJIRU, NJERI = 101, 102, 103
INVITE = "sauti staff invite --role moderator --desk national --root-key stick/sauti-root.key"
WRAPS = "--wraps room/recovery.wraps"

STAYS = "They come at night to the Maringo bridge."
WITHDRAWN = "The bar opens at dawn behind the market."
LATER = "The lights at the stage have been out since Sunday."


def shares(*numbers: int) -> str:
    return " ".join(f"--share room/share-{number}/share.txt" for number in numbers)


OPENED, TWO = f"{WRAPS} {shares(1, 3, 5)}", f"{WRAPS} {shares(2, 4)}"


def restore(terminal: Terminal) -> None:
    """Each store lost and brought back; an older *cases* with the newest *shreds*."""
    people = People(settings=terminal.settings)
    _begins(terminal)
    otieno = _enrols(terminal, people, OTIENO, "Otieno founds the national desk")
    wanjiru = _enrols(terminal, people, WANJIRU, "Wanjiru waits to be let in")
    asyncio.run(people.let_in(wanjiru, otieno))
    stays, withdrawn = asyncio.run(people.sent(STAYS)), asyncio.run(people.sent(WITHDRAWN))
    terminal.happens("Otieno lets Wanjiru in. Two reports are sent, dated six days ago.")
    _reads(terminal, people, otieno, {stays: STAYS, withdrawn: WITHDRAWN}, "Otieno reads both")
    _reads(terminal, people, wanjiru, {stays: STAYS}, "Wanjiru reads too")

    terminal.types("sauti backup cases shelf/cases-older")
    terminal.types("sauti backup shreds shelf/shreds/first")
    asyncio.run(people.withdraws(withdrawn))
    terminal.happens("The holder of the second report withdraws it, dated six days ago.")
    terminal.types("sauti jobs run retention")
    _hears(terminal, people, withdrawn, "ReportWithdrawn", "its code is told that it is withdrawn")
    later = asyncio.run(people.sent(LATER))
    terminal.happens("A third report is sent.")
    terminal.types(f"sauti staff revoke {wanjiru.short}")
    terminal.types("sauti backup cases shelf/cases-newest")
    terminal.types("sauti backup shreds shelf/shreds/second")
    kept = [path.name for path in (terminal.folder / "shelf" / "shreds").iterdir()]
    terminal.check("one backup of shreds is left, the newest", kept == ["second"])
    terminal.types("sauti backup addresses shelf/addresses")

    terminal.loses_everything()
    terminal.happens("Data folder and database are lost. `root.pub`, kept apart, is put back.")
    older = "sauti restore cases shelf/cases-older"
    terminal.types(f"{older} --dry-run {OPENED}")
    terminal.types(f"{older} {TWO}", status=1)
    terminal.types(f"{older} {OPENED}", keys=f"{wanjiru.short}\n")
    terminal.happens(f"The operator typed {wanjiru.short}, from paper.")
    terminal.types(f"sauti restore shreds shelf/shreds/second {OPENED}")
    terminal.types(f"sauti restore addresses shelf/addresses {OPENED}")
    terminal.types("sauti doctor", status=1)
    _reads(terminal, people, otieno, {stays: STAYS}, "Otieno reads the first report again")
    gone = "Otieno does not read the withdrawn one, though this *cases* has its row"
    _reads(terminal, people, otieno, {withdrawn: "EnvelopeLost"}, gone)
    out = "Wanjiru, revoked after this backup was made, does not unlock"
    _reads(terminal, people, wanjiru, {stays: "Revoked"}, out)

    terminal.types(f"sauti restore cases shelf/cases-newest --overwrite {OPENED}")
    terminal.types(f"sauti restore shreds shelf/shreds/second --overwrite {OPENED}")
    both = "Otieno reads the first and the third report"
    _reads(terminal, people, otieno, {stays: STAYS, later: LATER}, both)
    _reads(terminal, people, otieno, {withdrawn: "ReportUnknown"}, "the withdrawn one is not there")
    _hears(terminal, people, withdrawn, "ReportWithdrawn", "its code is told so once more")
    _reads(terminal, people, wanjiru, {later: "Revoked"}, "Wanjiru stays out")


def recovery(terminal: Terminal) -> None:
    """A desk lost all its members; three of five custodians open it to a new one."""
    people = People(settings=terminal.settings)
    _begins(terminal)
    otieno = _enrols(terminal, people, OTIENO, "Otieno founds the national desk")
    stays = asyncio.run(people.sent(STAYS))
    terminal.happens("A report is sent.")
    _reads(terminal, people, otieno, {stays: STAYS}, "Otieno reads it")
    terminal.types(f"sauti staff revoke {otieno.short}")
    _reads(terminal, people, otieno, {stays: "Revoked"}, "nobody reads it any more")
    njeri = _enrols(terminal, people, NJERI, "Njeri sees six words, and waits", " --reopen")
    shut = "Njeri does not read it by her link alone"
    _reads(terminal, people, njeri, {stays: "NotLetInYet"}, shut)
    words = " ".join(njeri.prepared.words)
    terminal.secrets[words] = "<six words>"
    terminal.types(f"sauti custodians room --test {shares(2, 3, 4)}")
    recover = f'sauti keys recover --desk national {{}} --words "{words}"'
    terminal.types(recover.format(TWO), status=1)
    _reads(terminal, people, njeri, {stays: "NotLetInYet"}, "with two shares it stays shut")
    terminal.types(recover.format(OPENED))
    _reads(terminal, people, njeri, {stays: STAYS}, "Njeri reads the report")
    _reads(terminal, people, otieno, {stays: "Revoked"}, "Otieno still does not")
    terminal.types("sauti staff list")


DRILLS: Mapping[str, Callable[[Terminal], None]] = {"restore": restore, "recovery": recovery}


def _begins(terminal: Terminal) -> None:
    said = terminal.types("sauti custodians room --files")
    texts = [path.read_text() for path in sorted((terminal.folder / "room").rglob("share.txt"))]
    rows = [" ".join(text.split()[3:9]) for text in texts]
    shown = any(row in said for row in rows)
    terminal.check("five shares were made, and none was shown", len(rows) == SHARES and not shown)
    terminal.types("sauti init --root-key stick/sauti-root.key")


def _enrols(terminal: Terminal, people: People, chat: int, what: str, more: str = "") -> Moderator:
    link = PAYLOAD.search(terminal.types(f"{INVITE}{more}"))
    assert link
    member = asyncio.run(people.enrolled(link[1], chat))
    terminal.happens(f"The link is opened: {what}, as {member.short}.")
    return member


def _reads(
    terminal: Terminal, people: People, who: Moderator, expected: Mapping[Sent, str], what: str
) -> None:
    """Unlocks and opens, as in the bot."""
    found = {sent: asyncio.run(people.reads(sent, who)) for sent in expected}
    terminal.check(what, found == expected)


def _hears(terminal: Terminal, people: People, sent: Sent, expected: str, what: str) -> None:
    terminal.check(what, asyncio.run(people.hears(sent)) == expected)
