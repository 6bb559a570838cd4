"""The outbox carried out at Telegram's cap, to as many chats as messages."""

from collections.abc import AsyncIterator

from bench.deployment import TOKEN, Deployment
from bench.measure import Bound, Goal, Row
from bench.sizes import Sizes
from bench.telegram import telegram
from bot.telegram.application import open_line
from domain.followup.followers import CountyFollowed
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.places.county import CountyCode
from domain.ports.chat import Language
from scheduler.pace import A_SECOND

NAME = "outbox"
FOLLOWED = CountyFollowed(county=CountyCode("021"))
FACTS = {"news": [], "forums": [], "more": 3}


async def rows(deployment: Deployment, sizes: Sizes) -> AsyncIterator[Row]:
    house = deployment.house
    outbox, now = house.outbox(), house.clock.now()
    messages = [
        Message(
            subject=outbox.subject(chat),
            kind=MessageKind.FOLLOW_UP,
            anchor="bench",
            due=now,
            to=Addressee(chat=chat, language=Language.ENGLISH),
            facts=FACTS,
            urgent=True,
        )
        for chat in range(50_000, 50_000 + sizes.messages)
    ]
    for message in messages:
        await house.followers().follow(message.to.chat, message.to.language, FOLLOWED)
    await outbox.post(messages)
    async with telegram() as world:
        line = open_line(TOKEN, world.url)
        async with line.bot:
            delivered = await house.delivery(line, house.front(line)).run_once()
        came = world.lines[TOKEN].sent
    assert delivered == len(came) == sizes.messages
    yield Row(
        name=f"messages of the outbox, {sizes.messages} to as many chats",
        unit="/s",
        value=(len(came) - 1) / (came[-1] - came[0]),
        beside=A_SECOND,
        beside_what="Telegram's cap, 30 a second: each claimed, sent, noted, recorded",
        goal=Goal(bound=Bound.RATIO_AT_LEAST, number=0.97),
        goes="three transactions of *addresses* a message, and two looks, beside the pace",
    )
