"""The chain from the root to every key, and each way in which a forged link is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from crypto import certifying
from crypto.certificates import (
    DeskCertificate,
    GrantCertificate,
    InviteCertificate,
    MemberCertificate,
    Standing,
)
from crypto.certifying import PublicKeys
from crypto.chain import verify_desk, verify_invite, verify_member, verify_standing
from crypto.errors import CertificateRefused, Flaw
from crypto.fields import join, split
from crypto.member_keys import MemberKeys, new_seed
from crypto.signing import Purpose, SigningKey
from crypto.xwing import KeyPair

TODAY = date(2026, 11, 23)
EXPIRES = date(2026, 11, 30)
DESK = "022"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    key: SigningKey
    certificate: InviteCertificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    keys: MemberKeys
    certificate: MemberCertificate


ROOT = SigningKey.generate()


def invite(
    *, founding: bool, desk: str = DESK, role: str = "moderator", root: SigningKey = ROOT
) -> Invited:
    key = SigningKey.generate()
    certificate = certifying.certify_invite(
        root, key.public, role=role, desk=desk, founding=founding, expires=EXPIRES
    )
    return Invited(key=key, certificate=certificate)


def enrol(invited: Invited, name: str, today: date = TODAY) -> Enrolled:
    keys = MemberKeys.from_seed(new_seed())
    public = PublicKeys(sealing=keys.sealing.public.raw, signing=keys.signing.public)
    certificate = certifying.certify_member(
        invited.key, invited.certificate, member_id=name.encode(), keys=public, today=today
    )
    return Enrolled(keys=keys, certificate=certificate)


def grant(granter: Enrolled, newcomer: Enrolled, desk: str = DESK) -> GrantCertificate:
    return certifying.certify_grant(
        granter.keys.signing, granter.certificate, newcomer.certificate, desk=desk
    )


def let_in(standing: Standing, granter: Enrolled, newcomer: Enrolled) -> Standing:
    step = (grant(granter, newcomer), newcomer.certificate)
    return replace(standing, steps=(*standing.steps, step))


FOUNDING = invite(founding=True)
FOUNDER = enrol(FOUNDING, "founder")
SECOND = enrol(invite(founding=False), "second")
THIRD = enrol(invite(founding=False), "third")
STANDING = let_in(let_in(Standing(founder=FOUNDER.certificate), FOUNDER, SECOND), SECOND, THIRD)
DESK_KEY = KeyPair.generate().public.raw
NEXT_KEY = KeyPair.generate().public.raw
FIRST = certifying.certify_first_desk_key(FOUNDING.key, FOUNDING.certificate, DESK_KEY)
NEXT = certifying.certify_next_desk_key(
    THIRD.keys.signing, STANDING, desk=DESK, generation=2, public=NEXT_KEY
)


def check_desk(certificate: DeskCertificate) -> None:
    """Against what the certificate itself says: only the chain is in question."""
    verify_desk(
        certificate.to_bytes(),
        desk=certificate.desk,
        generation=certificate.generation,
        public=certificate.public,
        root_public=ROOT.public,
    )


def check_member(certificate: MemberCertificate) -> None:
    verify_member(certificate.to_bytes(), member_id=certificate.member_id, root_public=ROOT.public)


def check_invite(certificate: InviteCertificate, today: date = TODAY) -> None:
    verify_invite(
        certificate.to_bytes(),
        invite_public=certificate.invite_public,
        root_public=ROOT.public,
        today=today,
    )


@contextmanager
def refused(flaw: Flaw) -> Iterator[None]:
    with pytest.raises(CertificateRefused) as refusal:
        yield
    assert refusal.value.flaw is flaw


def test_the_whole_chain_from_the_root_holds() -> None:
    check_invite(FOUNDING.certificate)
    check_member(FOUNDER.certificate)
    verify_standing(STANDING, desk=DESK, root_public=ROOT.public)
    check_desk(FIRST)
    check_desk(NEXT)


@pytest.mark.parametrize(
    "certificate", [FOUNDING.certificate, FOUNDER.certificate, STANDING, FIRST, NEXT]
)
def test_a_certificate_is_read_as_it_was_written(
    certificate: InviteCertificate | MemberCertificate | Standing | DeskCertificate,
) -> None:
    assert type(certificate).from_bytes(certificate.to_bytes()) == certificate


def test_a_swapped_desk_key_is_refused() -> None:
    swapped = replace(FIRST, public=KeyPair.generate().public.raw)
    with refused(Flaw.SIGNATURE):
        check_desk(swapped)
    with refused(Flaw.SIGNATURE):
        check_desk(replace(NEXT, public=DESK_KEY))


@pytest.mark.parametrize(
    ("desk", "generation", "public", "flaw"),
    [
        ("047", 1, DESK_KEY, Flaw.DESK),
        (DESK, 2, DESK_KEY, Flaw.GENERATION),
        (DESK, 1, NEXT_KEY, Flaw.KEY),
    ],
    ids=["of another desk", "of another generation", "of another key"],
)
def test_a_true_certificate_in_another_ones_place_is_refused(
    desk: str, generation: int, public: bytes, flaw: Flaw
) -> None:
    with refused(flaw):
        verify_desk(
            FIRST.to_bytes(),
            desk=desk,
            generation=generation,
            public=public,
            root_public=ROOT.public,
        )


def test_another_members_true_certificate_is_refused() -> None:
    data = FOUNDER.certificate.to_bytes()
    with refused(Flaw.MEMBER):
        verify_member(data, member_id=b"second", root_public=ROOT.public)


def test_swapped_member_keys_are_refused() -> None:
    stranger = MemberKeys.from_seed(new_seed())
    member = FOUNDER.certificate
    for swapped in (
        replace(member, sealing_public=stranger.sealing.public.raw),
        replace(member, signing_public=stranger.signing.public),
        replace(member, member_id=b"stranger"),
    ):
        with refused(Flaw.SIGNATURE):
            check_member(swapped)


def test_a_root_of_ones_own_making_is_refused() -> None:
    forged = invite(founding=True, root=SigningKey.generate())
    with refused(Flaw.SIGNATURE):
        check_invite(forged.certificate)
    with refused(Flaw.SIGNATURE):
        check_member(enrol(forged, "forged").certificate)
    desk = certifying.certify_first_desk_key(forged.key, forged.certificate, DESK_KEY)
    with refused(Flaw.SIGNATURE):
        check_desk(desk)


@pytest.mark.parametrize(
    "change", [{"desk": "047"}, {"role": "officer"}, {"founding": False}, {"expires": date.max}]
)
def test_an_invite_changed_after_signing_is_refused(change: dict[str, object]) -> None:
    changed = replace(FOUNDING.certificate, **change)  # type: ignore[arg-type]  # one field, by name
    with refused(Flaw.SIGNATURE):
        check_invite(changed)


def test_an_invite_holds_to_its_last_day_and_no_longer() -> None:
    check_invite(FOUNDING.certificate, today=EXPIRES)
    late = EXPIRES + timedelta(days=1)
    with refused(Flaw.EXPIRED):
        check_invite(FOUNDING.certificate, today=late)
    with refused(Flaw.EXPIRED):
        check_member(enrol(FOUNDING, "late", late).certificate)


def test_the_seed_of_another_invite_does_not_answer_this_one() -> None:
    other = SigningKey.generate().public
    with refused(Flaw.KEY):
        verify_invite(
            FOUNDING.certificate.to_bytes(),
            invite_public=other,
            root_public=ROOT.public,
            today=TODAY,
        )


def resigned(invited: Invited, **change: object) -> MemberCertificate:
    """What the holder of an invite can sign though it was not invited for it."""
    tempting = replace(invited.certificate, **change)  # type: ignore[arg-type]  # one field, by name
    keys = PublicKeys(sealing=FOUNDER.keys.sealing.public.raw, signing=FOUNDER.keys.signing.public)
    member = certifying.certify_member(
        invited.key, tempting, member_id=b"climber", keys=keys, today=TODAY
    )
    bent = replace(member, invite=invited.certificate)
    signature = invited.key.sign(Purpose.MEMBER, *bent.fields())
    return replace(bent, signature=signature)


def test_nobody_enrols_for_another_role_or_desk_than_invited_for() -> None:
    with refused(Flaw.ROLE):
        check_member(resigned(FOUNDING, role="officer"))
    with refused(Flaw.DESK):
        check_member(resigned(FOUNDING, desk="national"))


def test_only_a_founding_moderator_gives_a_desk_its_first_key() -> None:
    plain, officer = invite(founding=False), invite(founding=True, role="officer")
    for invited, flaw in ((plain, Flaw.NOT_FOUNDING), (officer, Flaw.ROLE)):
        desk = certifying.certify_first_desk_key(invited.key, invited.certificate, DESK_KEY)
        with refused(flaw):
            check_desk(desk)


def test_a_founding_invite_gives_its_own_desk_one_key_and_no_more() -> None:
    for desk, generation, flaw in ((DESK, 2, Flaw.GENERATION), ("047", 1, Flaw.DESK)):
        bent = replace(FIRST, desk=desk, generation=generation)
        signature = FOUNDING.key.sign(Purpose.DESK, *bent.fields())
        signed = replace(bent, signature=signature)
        with refused(flaw):
            check_desk(signed)


def test_a_member_cannot_replace_the_first_key() -> None:
    again = certifying.certify_next_desk_key(
        THIRD.keys.signing, STANDING, desk=DESK, generation=1, public=NEXT_KEY
    )
    with refused(Flaw.GENERATION):
        check_desk(again)


def test_an_enrolled_member_nobody_let_in_cannot_speak_for_the_desk() -> None:
    alone = Standing(founder=SECOND.certificate)
    forged = certifying.certify_next_desk_key(
        SECOND.keys.signing, alone, desk=DESK, generation=2, public=NEXT_KEY
    )
    with refused(Flaw.NOT_FOUNDING):
        check_desk(forged)


def test_a_grant_made_by_somebody_else_or_for_somebody_else_is_refused() -> None:
    start = Standing(founder=FOUNDER.certificate)
    stranger = grant(THIRD, SECOND)
    by_other = replace(start, steps=((stranger, SECOND.certificate),))
    for_other = replace(start, steps=((grant(FOUNDER, THIRD), SECOND.certificate),))
    forged = replace(grant(FOUNDER, SECOND), signature=stranger.signature)
    unsigned = replace(start, steps=((forged, SECOND.certificate),))
    for standing, flaw in (
        (by_other, Flaw.GRANTER),
        (for_other, Flaw.NEWCOMER),
        (unsigned, Flaw.SIGNATURE),
    ):
        with refused(flaw):
            verify_standing(standing, desk=DESK, root_public=ROOT.public)


def test_a_grant_for_one_desk_opens_no_other() -> None:
    elsewhere = grant(FOUNDER, SECOND, desk="047")
    standing = Standing(founder=FOUNDER.certificate, steps=((elsewhere, SECOND.certificate),))
    for desk in (DESK, "047"):
        with refused(Flaw.DESK):
            verify_standing(standing, desk=desk, root_public=ROOT.public)


def test_an_officer_is_never_let_in_to_a_desk() -> None:
    officer = enrol(invite(founding=False, role="officer"), "officer")
    standing = let_in(Standing(founder=FOUNDER.certificate), FOUNDER, officer)
    with refused(Flaw.ROLE):
        verify_standing(standing, desk=DESK, root_public=ROOT.public)


def test_a_certified_key_that_is_none_is_refused() -> None:
    desk = certifying.certify_first_desk_key(FOUNDING.key, FOUNDING.certificate, bytes(10))
    with refused(Flaw.KEY):
        check_desk(desk)


def test_a_member_whose_certified_key_is_none_is_refused() -> None:
    keys = PublicKeys(sealing=bytes(1215), signing=FOUNDER.keys.signing.public)
    member = certifying.certify_member(
        FOUNDING.key, FOUNDING.certificate, member_id=b"keyless", keys=keys, today=TODAY
    )
    with refused(Flaw.KEY):
        check_member(member)


@pytest.mark.parametrize(("field", "value"), [(0, b"third-desk"), (2, b"\1"), (2, bytes(9))])
def test_a_desk_certificate_of_unknown_kind_or_odd_generation_is_malformed(
    field: int, value: bytes
) -> None:
    whole = NEXT.to_bytes()
    fields = list(split(whole[1:]))
    fields[field] = value
    with refused(Flaw.MALFORMED):
        DeskCertificate.from_bytes(whole[:1] + join(*fields))


def test_a_chain_with_a_link_missing_is_malformed() -> None:
    whole = STANDING.to_bytes()
    for links in (split(whole[1:])[:1], split(whole[1:])[:-1]):
        with refused(Flaw.MALFORMED):
            Standing.from_bytes(whole[:1] + join(*links))


def test_every_cut_or_longer_certificate_is_malformed() -> None:
    whole = FOUNDING.certificate.to_bytes()
    for damaged in (b"", whole[:1], whole[:-1], whole + b"\0", whole + join(b"more")):
        with refused(Flaw.MALFORMED):
            InviteCertificate.from_bytes(damaged)


@pytest.mark.parametrize(
    ("field", "value"), [(2, b"\xff"), (4, b"\2"), (4, b""), (5, b"tomorrow"), (5, b"\xff")]
)
def test_a_field_that_cannot_be_is_malformed(field: int, value: bytes) -> None:
    whole = FOUNDING.certificate.to_bytes()
    fields = list(split(whole[1:]))
    fields[field] = value
    with refused(Flaw.MALFORMED):
        InviteCertificate.from_bytes(whole[:1] + join(*fields))


def test_one_kind_of_certificate_never_passes_for_another() -> None:
    data = FOUNDING.certificate.to_bytes()
    for kind in (MemberCertificate, GrantCertificate, DeskCertificate, Standing):
        with refused(Flaw.MALFORMED):
            kind.from_bytes(data)


def test_a_certificate_of_a_version_to_come_is_named_so() -> None:
    data = b"\2" + FOUNDING.certificate.to_bytes()[1:]
    with refused(Flaw.VERSION):
        InviteCertificate.from_bytes(data)
