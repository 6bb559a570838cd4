"""`sauti run`: the bot, until it is told to stop."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette

from app.alone import CLOCK, bot_lock
from app.keyring_file import keyring_here
from app.keys import RECOVERY_SECRET, ROOT_SECRET, KeyFolder, bot_token
from app.log import Log, configure
from app.opening import open_house
from app.settings import Mode, SettingRefused, Settings
from app.wiring import House
from bot.telegram.application import Line, TokenRefused, open_line, token_known
from bot.telegram.intake import Hooks, Intake
from bot.telegram.menu import introduce
from domain.ports.lead import Lead
from domain.ports.stores import Stores
from scheduler.clock import Bells
from storage.errors import StoreUnavailable


async def run(settings: Settings) -> None:
    """Raises SettingRefused."""
    token = token_of(settings)
    async with open_house(settings, configure()) as house:
        try:
            with token_known():
                line = open_line(token, settings.telegram_api_url)
                await serve(house, line)
        except TokenRefused:
            raise SettingRefused(WRONG_TOKEN) from None


NO_TOKEN = "SAUTI_BOT_TOKEN is not set; BotFather gives one"  # noqa: S105 - a message
WRONG_TOKEN = "SAUTI_BOT_TOKEN: Telegram does not know this token"  # noqa: S105 - a message


def token_of(settings: Settings) -> str:
    """Raises SettingRefused when this or what else `run` needs is not set."""
    token = bot_token(settings)
    if token is None:
        raise SettingRefused(NO_TOKEN)
    _refuse_what_is_for_demos(settings)
    webhook = settings.mode is Mode.WEBHOOK
    if webhook and (not settings.webhook_url or settings.webhook_secret is None):
        message = "SAUTI_WEBHOOK_URL and SAUTI_WEBHOOK_SECRET are needed in webhook mode"
        raise SettingRefused(message)
    return token


def _refuse_what_is_for_demos(settings: Settings) -> None:
    """Words of real people travel neither in clear nor beside the keys that open them."""
    url = urlsplit(settings.telegram_api_url)
    if url.hostname in LOOPBACK:
        return
    if url.scheme != "https":
        message = "SAUTI_TELEGRAM_API_URL: only a server on this machine may be without https"
        raise SettingRefused(message)
    offline = KeyFolder(settings.data_dir).offline
    for secret in (ROOT_SECRET, RECOVERY_SECRET):
        if (offline / secret).exists():
            message = f"{offline / secret} lies beside the data: demo keys are not for real use"
            raise SettingRefused(message)


LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


async def serve(house: House, line: Line) -> None:
    """As soon as no other process serves this bot."""
    alone, clock = house.lead(bot_lock(line.bot.token)), house.lead(CLOCK)
    try:
        if await _take_over(alone, house.log):
            _refuse_an_old_keyring(house)
        await _serve(house, line, alone, clock)
    finally:
        await clock.leave()
        await alone.leave()


STANDBY_LOOKS = 1.0
"""Seconds between two looks whether the bot has to be taken over."""


async def _take_over(alone: Lead, log: Log) -> bool:
    """Whether it had to wait."""
    waits = False
    while not await _held(alone):
        if not waits:
            log("bot.standby")
        waits = True
        await asyncio.sleep(STANDBY_LOOKS)
    return waits


def _refuse_an_old_keyring(house: House) -> None:
    """Whoever waited while it was rotated would not know the newest key. Raises SettingRefused."""
    if keyring_here(house.settings) != house.chat_seal.keyring:
        message = "the service keyring was changed while this process waited: start it again"
        raise SettingRefused(message)


async def _held(lead: Lead) -> bool:
    """A standby outlives an outage of its database."""
    try:
        return await lead.held()
    except StoreUnavailable:
        return False


async def _serve(house: House, line: Line, alone: Lead, clock: Lead) -> None:
    """1. Sweep what a crash left. 2. Ring the clock, deliver. 3. Take updates. 4. Stop in
    reverse.
    """
    front = house.front(line)
    delivery = house.delivery(line, front)
    intake = line.answered_by(
        front, hooks=Hooks(on_failed=front.apologise), log=house.log, outages=(StoreUnavailable,)
    )

    async def stay() -> None:
        """Without the lock another process serves this bot: this one ends."""
        if not await alone.held():
            house.log("bot.standby")
            intake.stop()

    errands = house.errands(house.ringing(clock), delivery, stay)
    bells = Bells((*house.jobs(front), *errands), house.log)
    await line.reach(house.log)
    async with line.application:
        await line.until_done(partial(_introduce, house, line), house.log)
        await front.sweep()
        await line.application.start()
        try:
            bells.start()
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, intake.stop)
            house.log("bot.started")
            async with _watched(house, clock, intake):
                await _take_updates(house.settings, line, intake, house.log)
        finally:
            bells.stop()
            await delivery.close()
            await front.close()
            await line.application.stop()
            await leave_no_order(house.stores, house.clock.now(), house.log)
            house.log("bot.stopped")


async def leave_no_order(stores: Stores, now: datetime, log: Log) -> None:
    """What came since the last remix lies in order; of a bot that is stopped, for weeks perhaps."""
    try:
        await stores.remix(now)
    except StoreUnavailable as failure:
        log("job.failed", job="remix", error=type(failure).__name__)


@asynccontextmanager
async def _watched(house: House, clock: Lead, intake: Intake) -> AsyncIterator[None]:
    """By the operator's own watchdog, where they asked for it. Raises SettingRefused."""
    if house.settings.metrics_listen is None:
        yield
        return
    from app.metrics import Metrics, scraped  # noqa: PLC0415 - loaded by who listens alone

    metrics = Metrics(house=house, leads=clock.held, updates_set_aside=lambda: intake.set_aside)
    async with scraped(metrics, house.settings.metrics_listen):
        yield


async def _introduce(house: House, line: Line) -> None:
    await introduce(line.bot, house.catalogues, house.staff_book(), house.log)


async def _take_updates(settings: Settings, line: Line, intake: Intake, log: Log) -> None:
    if settings.mode is Mode.POLLING:
        await line.until_done(line.bot.delete_webhook, log)
        await intake.run()
        return
    assert settings.webhook_url
    assert settings.webhook_secret
    host, _, port = settings.listen.partition(":")
    secret = settings.webhook_secret.get_secret_value()
    path = "/telegram"
    app = Starlette(routes=[intake.webhook(path=path, secret=secret)])
    server = uvicorn.Server(
        uvicorn.Config(app, host=host, port=int(port), log_config=None, access_log=False)
    )
    serving = asyncio.create_task(server.serve())
    await line.bot.set_webhook(
        settings.webhook_url.rstrip("/") + path,
        secret_token=secret,
        allowed_updates=["message", "edited_message", "callback_query"],
    )
    await intake.attend()
    server.should_exit = True
    await serving
