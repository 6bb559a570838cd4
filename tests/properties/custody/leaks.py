"""Builds that lose a report or give one away, on purpose. The ways that lead to each: `ways.py`."""

from dataclasses import replace
from typing import Any, cast

import pytest

from app import rotating
from crypto import shred, xwing
from crypto.context import Context
from crypto.sealer import desk_context
from crypto.session import MemberSession, copy_context
from crypto.shred import ShredKey
from crypto.xwing import PublicKey
from domain.desks.desk import DeskKey
from domain.moderation import reroute
from domain.moderation.desk import ModeratorDesk
from domain.moderation.record import record
from domain.ports.sealing import Session
from domain.ports.stores import Cases, Stores
from domain.reports.report import Report, UnderDesk
from domain.staff import grant, recover, renew
from domain.staff.enrol import Confirmed, EnrolmentDesk, Prepared
from domain.staff.member import DeskCopy, DeskPublic, Invite, InviteId, MemberId
from domain.staff.recover import Reopened
from domain.staff.renew import Renewing
from storage import restoring
from storage.register import Keys, Register, Row
from storage.staff import SqlStaffRegister


def keeps_the_dek(patched: pytest.MonkeyPatch) -> None:
    really = MemberSession.reroute

    def leaky(
        self: MemberSession, report: Report, kept: UnderDesk, to: DeskPublic, key: bytes
    ) -> UnderDesk:
        made = really(self, report, kept, to, key)
        opened = self.pairs[report.desk, report.generation]
        old = _opened(opened, report, key)
        public = PublicKey.from_bytes(to.public)
        wrap = _wrapped(public, report, to, old, key)
        sealed = replace(made.report, words=report.sealed.words, dek_for_desk=wrap)
        return replace(made, report=sealed, files=kept.files)

    patched.setattr(MemberSession, "reroute", leaky)


def _opened(pair: xwing.KeyPair, report: Report, key: bytes) -> bytes:
    context = _dek_context(report, report.desk, report.generation)
    inner = shred.unwrap(ShredKey(key), report.sealed.dek_for_desk, context)
    return xwing.unseal(pair, inner, context)


def _wrapped(public: PublicKey, report: Report, to: DeskPublic, dek: bytes, key: bytes) -> bytes:
    context = _dek_context(report, to.desk, to.generation)
    return shred.wrap(ShredKey(key), xwing.seal(public, dek, context), context)


def _dek_context(report: Report, desk: str, generation: int) -> Context:
    return desk_context(report.id, "dek_for_desk", desk, generation)


def keeps_the_old_wrap(patched: pytest.MonkeyPatch) -> None:
    really = MemberSession.reroute

    def leaky(self: MemberSession, report: Report, *given: Any) -> UnderDesk:
        made = really(self, report, *given)
        old = report.sealed.case_for_desk
        return replace(made, report=replace(made.report, case_for_desk=old))

    patched.setattr(MemberSession, "reroute", leaky)


def in_two_transactions(patched: pytest.MonkeyPatch) -> None:
    really = record

    async def leaky(cases: Cases, *given: Any, **named: Any) -> None:
        await really(cases, *given, **named)
        await cases.commit()

    patched.setattr(reroute, "record", leaky)


async def _nobody_left(*_: object) -> frozenset[DeskKey]:
    return frozenset()


def session_survives(patched: pytest.MonkeyPatch) -> None:
    async def leaky(self: ModeratorDesk, _: Cases) -> Session:
        return self.sessions.of(self.member, self.chat, self.clock.now())

    patched.setattr(ModeratorDesk, "_session", leaky)


def copies_stay(patched: pytest.MonkeyPatch) -> None:
    async def leaky(self: SqlStaffRegister, member: MemberId) -> None:
        copies = await self.copies(member)
        await really(self, member)
        for copy in copies:
            await self.add_copy(copy)

    really = SqlStaffRegister.revoke
    patched.setattr(SqlStaffRegister, "revoke", leaky)


def renewed_for_who_left(patched: pytest.MonkeyPatch) -> None:
    really = Renewing._renewed

    async def leaky(self: Renewing, desk: DeskKey, session: Session) -> int:
        made = await really(self, desk, session)
        async with self.stores.cases() as cases:
            newest = await cases.staff.newest_key(desk)
            assert newest is not None
            pair = cast("MemberSession", session).pairs[desk, newest.generation]
            for member in await cases.staff.members(desk):
                if made and member.revoked:
                    context = copy_context(member.id, desk, newest.generation)
                    public = PublicKey.from_bytes(member.sealing_public)
                    await cases.staff.add_copy(
                        DeskCopy(
                            desk=desk,
                            generation=newest.generation,
                            member=member.id,
                            sealed=xwing.seal(public, pair.seed, context),
                            standing=b"",
                        )
                    )
            await cases.commit()
        return made

    patched.setattr(Renewing, "_renewed", leaky)


def grants_the_newest_alone(patched: pytest.MonkeyPatch) -> None:
    really = grant._given

    async def leaky(*given: Any) -> list[DeskPublic]:
        return (await really(*given))[-1:]

    patched.setattr(grant, "_given", leaky)


def recovers_the_newest_alone(patched: pytest.MonkeyPatch) -> None:
    really = SqlStaffRegister.add_copy
    reopen = recover.reopen

    async def leaky(*given: Any, stores: Stores, **named: Any) -> Reopened:
        async with stores.cases() as cases:
            newest = max(key.generation for key in await cases.staff.desk_keys(given[0]))

        async def forgetful(self: SqlStaffRegister, copy: DeskCopy) -> None:
            if copy.generation == newest:
                await really(self, copy)

        with pytest.MonkeyPatch.context() as within:
            within.setattr(SqlStaffRegister, "add_copy", forgetful)
            return await reopen(*given, stores=stores, **named)

    patched.setattr(recover, "reopen", leaky)


def seals_to_the_oldest(patched: pytest.MonkeyPatch) -> None:
    async def leaky(self: SqlStaffRegister, desk: DeskKey) -> DeskPublic | None:
        keys = await self.desk_keys(desk)
        return keys[0] if keys else None

    patched.setattr(SqlStaffRegister, "newest_key", leaky)


def nothing_waits(patched: pytest.MonkeyPatch) -> None:
    really = rotating.standing

    def leaky(*given: Any) -> rotating.Standing:
        return replace(really(*given), waiting={})

    patched.setattr(rotating, "standing", leaky)


def forgets_staff(patched: pytest.MonkeyPatch) -> None:
    others = {name: use for name, use in rotating.SEALED_ANEW.items() if name != "staff_chat"}
    patched.setattr(rotating, "SEALED_ANEW", others)


def links_work_twice(patched: pytest.MonkeyPatch) -> None:
    really = SqlStaffRegister.invite

    async def unused(self: SqlStaffRegister, invite: InviteId) -> Invite | None:
        found = await really(self, invite)
        return replace(found, used=False) if found else None

    async def used(*_: object) -> None: ...

    patched.setattr(SqlStaffRegister, "invite", unused)
    patched.setattr(SqlStaffRegister, "use_invite", used)


def enters_the_chat_last(patched: pytest.MonkeyPatch) -> None:
    """Killed in between, a member is in no chat, and the link that led there is used."""

    async def leaky(self: EnrolmentDesk, prepared: Prepared) -> Confirmed:
        made = prepared.enrolled
        async with self.stores.cases() as cases:
            await self._keep(cases, prepared)
        await self.book.enter(self.chat, made.member.id, self.language, made.member.role)
        return Confirmed(member=made.member.id, share=made.share, let_in=bool(made.copies))

    patched.setattr(EnrolmentDesk, "confirm", leaky)


def revives_who_left(patched: pytest.MonkeyPatch) -> None:
    def member(_: Register, row: Row, __: object) -> Row:
        return row

    def copy(_: Register, __: Keys, row: Row, ___: object) -> Row:
        return row

    patched.setattr(Register, "_member", member)
    patched.setattr(Register, "_copy", copy)


def revives_links(patched: pytest.MonkeyPatch) -> None:
    def leaky(self: Register) -> list[Row]:
        return list(self.backup["invite"])

    patched.setattr(Register, "_invites", leaky)


def revives_passphrases(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(restoring, "_is_newer", lambda *_: False)


def revives_reports(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(restoring, "_end_again", lambda *_: None)


class Everything:
    def __contains__(self, _: object) -> bool:
        return True


def revives_keys(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(restoring, "living_reports", lambda *_: Everything())


def no_new_key(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(renew, "to_renew", _nobody_left)


def sends_to_an_exposed_desk(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(reroute, "to_renew", _nobody_left)
