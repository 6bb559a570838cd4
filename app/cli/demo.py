"""`sauti demo`: the product on a local Telegram, with nothing asked."""

from typing import Annotated

import typer

from app.cli.saying import finish


def demo(
    port: Annotated[int, typer.Option(help="Port of the page; 0 takes any free one.")] = 8081,
) -> None:
    """Open the product: a page of phones for a citizen, two moderators and an officer."""
    from app.demo import play  # noqa: PLC0415 - its story is read by who plays it alone

    finish(play(port))
