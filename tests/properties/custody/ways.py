"""Each planted leak, and a few steps from the beginning after which a look finds it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from app.backing_up import Store
from domain.desks.desk import NATIONAL, DeskKey
from domain.places.county import CountyCode
from tests.house import COUNTY_DESK
from tests.properties.custody import leaks
from tests.properties.custody.machine import CustodyMachine
from tests.properties.custody.people import Dying

Plant = Callable[[pytest.MonkeyPatch], None]
Way = Callable[[CustodyMachine], None]


@dataclass(frozen=True, slots=True)
class Leak:
    plant: Plant
    way: Way


def _sent_on(machine: CustodyMachine) -> None:
    machine.a_reader_sends_it_to_the_other_desk(report=0, by=0, crash=None)


def _killed_sending_on(machine: CustodyMachine) -> None:
    machine.a_reader_sends_it_to_the_other_desk(report=0, by=0, crash=Dying(3))


def _revoked(machine: CustodyMachine) -> None:
    machine.somebody_is_revoked(whom=1, keeping=True, crash=None)


def _renewed(machine: CustodyMachine) -> None:
    _revoked(machine)
    machine.renews(crash=None)


def _joined(machine: CustodyMachine, desk: DeskKey = NATIONAL) -> None:
    machine.the_root_invites(desk)
    machine.somebody_enrols(crash=None)
    machine.a_reader_lets_somebody_in(by=0, whom=0, crash=None)


def _joined_later(machine: CustodyMachine) -> None:
    _renewed(machine)
    _joined(machine)


def _killed_enrolling(machine: CustodyMachine) -> None:
    """After the first of two commits."""
    machine.the_root_invites(NATIONAL)
    machine.somebody_enrols(crash=Dying(0, after=True))


def _opened_again(machine: CustodyMachine) -> None:
    _renewed(machine)
    machine.somebody_is_revoked(whom=0, keeping=False, crash=None)
    machine.custodians_open_the_desk(desk=NATIONAL, crash=None)


def _sent_later(machine: CustodyMachine) -> None:
    _renewed(machine)
    machine.a_citizen_sends(county=CountyCode("001"))


def _sent_on_where_somebody_left(machine: CustodyMachine) -> None:
    _joined(machine, COUNTY_DESK)
    machine.somebody_is_revoked(whom=3, keeping=True, crash=None)
    _sent_on(machine)


def _rotated(machine: CustodyMachine) -> None:
    machine.the_service_key_rotates(crash=None)
    machine.the_older_service_key_goes()


def _killed_rotating(machine: CustodyMachine) -> None:
    machine.the_service_key_rotates(crash=Dying(0))
    machine.the_older_service_key_goes()


def _around(store: Store, act: Way) -> Way:
    """Backed up before, and restored after."""

    def way(machine: CustodyMachine) -> None:
        machine.a_store_is_backed_up(store=store, crash=None)
        act(machine)
        machine.a_store_is_restored(store=store, backup=0, crash=None)

    return way


def _enrolled_since(machine: CustodyMachine) -> None:
    machine.the_root_invites(NATIONAL)
    _around(Store.CASES, lambda it: it.somebody_enrols(crash=None))(machine)


def _another_passphrase(machine: CustodyMachine) -> None:
    machine.a_reader_gets_a_new_passphrase(whom=0, crash=None)


def _ended(store: Store) -> Way:
    def way(machine: CustodyMachine) -> None:
        machine.a_citizen_sends(county=CountyCode("001"))
        _around(store, lambda it: it.a_report_ends(report=0))(machine)

    return way


LEAKS: dict[str, Leak] = {
    "another desk, the same key of the words": Leak(leaks.keeps_the_dek, _sent_on),
    "another desk, an old wrap": Leak(leaks.keeps_the_old_wrap, _sent_on),
    "another desk, in two transactions": Leak(leaks.in_two_transactions, _killed_sending_on),
    "another desk, which somebody left": Leak(
        leaks.sends_to_an_exposed_desk, _sent_on_where_somebody_left
    ),
    "a session outlives its member": Leak(leaks.session_survives, _revoked),
    "copies outlive their member": Leak(leaks.copies_stay, _revoked),
    "no new key when somebody left": Leak(leaks.no_new_key, _renewed),
    "a new key for somebody who left": Leak(leaks.renewed_for_who_left, _renewed),
    "reports under the oldest key": Leak(leaks.seals_to_the_oldest, _sent_later),
    "newcomers get the newest key alone": Leak(leaks.grants_the_newest_alone, _joined_later),
    "recovery opens the newest key alone": Leak(leaks.recovers_the_newest_alone, _opened_again),
    "a link works twice": Leak(leaks.links_work_twice, _joined),
    "a chat is entered last": Leak(leaks.enters_the_chat_last, _killed_enrolling),
    "the old service key goes too early": Leak(leaks.nothing_waits, _killed_rotating),
    "rotation forgets the staff": Leak(leaks.forgets_staff, _rotated),
    "a restored cases brings somebody back": Leak(
        leaks.revives_who_left, _around(Store.CASES, _revoked)
    ),
    "a restored cases brings a link back": Leak(leaks.revives_links, _enrolled_since),
    "a restored cases brings a passphrase back": Leak(
        leaks.revives_passphrases, _around(Store.CASES, _another_passphrase)
    ),
    "a restored cases brings a report back": Leak(leaks.revives_reports, _ended(Store.CASES)),
    "a restored shreds brings a key back": Leak(leaks.revives_keys, _ended(Store.SHREDS)),
}
