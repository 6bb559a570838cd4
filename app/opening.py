"""The house opened on what is kept: settings checked, keys read, stores open."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from app import keys
from app.log import Log
from app.reference.load import load_counties, load_gazetteer, load_help_lines
from app.settings import SettingRefused, Settings
from app.shutdown import refuse_closed, refuse_closed_stores
from app.wiring import House
from app.world import SystemClock
from crypto.chat_seal import KeyringChatSeal, Purpose
from crypto.custody import RootedCustody
from crypto.errors import CryptoError
from crypto.keyring import Keyring
from crypto.sealer import ReportSealer
from crypto.spelling import read_recovery_public, read_root_public
from domain.ports.world import Clock
from storage.open import open_stores


@asynccontextmanager
async def open_house(
    settings: Settings, log: Log, clock: Clock | None = None
) -> AsyncIterator[House]:
    """Raises SettingRefused when keys or data are not there: `sauti init` makes them."""
    refuse_closed(settings)
    root_public, custody, keyring = _keys(settings)
    stores = await open_stores(settings.database, settings.data_dir)
    try:
        await refuse_closed_stores(stores)
        async with stores.cases() as cases:
            counties = tuple(await cases.reference.counties())
            help_lines = tuple(await cases.reference.help_lines())
        if not counties:
            raise SettingRefused(NOT_MADE)
        if (counties, help_lines) != (load_counties(), load_help_lines()):
            raise SettingRefused(NOT_OURS)
        yield House(
            settings=settings,
            log=log,
            stores=stores,
            clock=clock or SystemClock(settings.zone),
            sealer=ReportSealer(
                root_public=root_public, deployment_id=keys.deployment_id(settings)
            ),
            custody=custody,
            chat_seal=KeyringChatSeal(keyring, Purpose.CITIZEN),
            trace_seal=KeyringChatSeal(keyring, Purpose.TRACE),
            staff_seal=KeyringChatSeal(keyring, Purpose.STAFF),
            outbox_seal=KeyringChatSeal(keyring, Purpose.OUTBOX),
            follower_seal=KeyringChatSeal(keyring, Purpose.FOLLOWER),
            forgotten_seal=KeyringChatSeal(keyring, Purpose.FORGOTTEN),
            gazetteer=load_gazetteer(),
            help_lines=help_lines,
        )
    finally:
        await stores.aclose()


NOT_OURS = (
    "counties or help lines in the database are not this release's. After an upgrade run"
    " `sauti init`; otherwise somebody changed them, and a wrong number can kill"
)
NOT_MADE = "the database is empty; `sauti init` fills it"


def check_given(settings: Settings) -> None:
    """Keys given in settings, before anything is made to go with them. Raises SettingRefused."""
    with _well_formed():
        if settings.root_public_key is not None:
            read_root_public(keys.root_public(settings))
        if settings.recovery_public_key is not None:
            read_recovery_public(keys.recovery_public(settings))
        if settings.service_keys is not None:
            Keyring.parse(keys.service_keys(settings))


def _keys(settings: Settings) -> tuple[bytes, RootedCustody, Keyring]:
    with _well_formed():
        root = read_root_public(keys.root_public(settings))
        recovery = read_recovery_public(keys.recovery_public(settings))
        keyring = Keyring.parse(keys.service_keys(settings))
    return root, RootedCustody(root_public=root, recovery_public=recovery), keyring


@contextmanager
def _well_formed() -> Iterator[None]:
    try:
        yield
    except CryptoError as malformed:
        message = f"a key is malformed ({type(malformed).__name__})"
        raise SettingRefused(message) from None
