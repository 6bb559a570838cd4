"""`sauti forum`: the forums the bot knows."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.by_hand import house_by_hand
from app.cli.saying import finish, refuse, say, settings_or_exit
from app.log import configure
from app.opening import open_house
from app.place_names import place_names
from app.settings import Settings
from bot.dialogue.screen import Text
from bot.texts.catalogue import Catalogue
from domain.forums.forum import Forum
from domain.forums.forum_rows import ForumsRefused, parse_forums
from domain.ports.chat import Language

forums = typer.Typer(help="Jukwaa la Usalama forums.", no_args_is_help=True)


@forums.command("import")
def import_forums(
    file: Annotated[Path, typer.Argument(help="CSV as app/reference/forums_2025.csv is.")],
) -> None:
    """Add or update forums. One bad row and none is taken."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as unreadable:
        why = f"{file} cannot be read ({type(unreadable).__name__})"
        raise refuse(why) from None
    count = finish(_import(settings_or_exit(), text))
    say(f"{count} forums are in.")


@forums.command("list")
def list_forums() -> None:
    """Every forum: date, counties, and the key of its poster link."""
    for forum, counties in finish(_all(settings_or_exit())):
        say(f"{forum.date.text:<10}  f-{forum.key:<30}  {', '.join(counties)}")


async def _import(settings: Settings, text: str) -> int:
    async with house_by_hand(settings) as house:
        try:
            found = parse_forums(text, house.gazetteer)
        except ForumsRefused as refused:
            catalogue = Catalogue.load(Language.ENGLISH)
            lines = (catalogue.plain(Text(row.key, row.params)) for row in refused.rows)
            raise refuse("\n".join(lines)) from None
        async with house.stores.cases() as cases:
            await cases.reference.load(
                counties=(), forums=found, offices=(), help_lines=(), commitments=()
            )
            await cases.commit()
    return len(found)


async def _all(settings: Settings) -> list[tuple[Forum, list[str]]]:
    """Each with the names of its counties."""
    async with open_house(settings, configure()) as house, house.stores.cases() as cases:
        names = place_names(house.gazetteer)
        found = await cases.reference.forums()
    return [(forum, [names[code] for code in forum.counties]) for forum in found]
