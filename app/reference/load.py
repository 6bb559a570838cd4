"""The reference data shipped with the product, as the domain's own values."""

import csv
import io
import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from domain.forums.commitment import Commitment
from domain.forums.forum import Forum
from domain.forums.forum_rows import parse_forums
from domain.lines.help_line import HelpLine, parse_help_line
from domain.offices.office import Office, parse_office
from domain.places.county import Area, AreaKey, Constituency, County, CountyCode, Ward
from domain.places.gazetteer import Gazetteer
from domain.places.spelling import slug

_TOWN, _ALIAS = "town", "alias"


@cache
def load_counties() -> tuple[County, ...]:
    """All 47, in the order of their codes."""
    towns = tuple(_rows("towns.csv"))
    return tuple(
        _county(raw, towns) for raw in json.loads(_text("kenya_counties.json"))["counties"]
    )


@cache
def load_gazetteer() -> Gazetteer:
    return Gazetteer(load_counties())


def load_forums() -> tuple[Forum, ...]:
    return tuple(parse_forums(_text("forums_2025.csv"), load_gazetteer()))


def load_offices() -> tuple[Office, ...]:
    return tuple(parse_office(**row) for row in _rows("offices.csv"))


def load_help_lines() -> tuple[HelpLine, ...]:
    return tuple(parse_help_line(**row) for row in _rows("help_lines.csv"))


def load_commitments() -> tuple[Commitment, ...]:
    return tuple(
        Commitment(
            made_at=row["made_at"],
            date=row["date"],
            office=row["office"],
            promise=row["promise"],
            due=row["due"] or None,
            proof=row["proof"] or None,
            source=row["source"],
        )
        for row in _rows("commitments_2025.csv")
    )


def _text(name: str) -> str:
    return files("app.reference").joinpath(name).read_text(encoding="utf-8")


def _rows(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(_text(name)), strict=True)


def _county(raw: dict[str, Any], towns: tuple[dict[str, str], ...]) -> County:
    return County(
        code=CountyCode(raw["code"]),
        name=raw["name"],
        official_name=raw["official_name"],
        capital=raw["capital"],
        population_2019=raw["population_2019"],
        constituencies=tuple(_constituency(inner) for inner in raw["constituencies"]),
        areas=tuple(_area(inner) for inner in raw.get("admin_subregions", ())),
        towns=_called(raw["name"], _TOWN, towns),
        aliases=_called(raw["name"], _ALIAS, towns),
    )


def _constituency(raw: dict[str, Any]) -> Constituency:
    wards = tuple(Ward(code=inner["code"], name=inner["name"]) for inner in raw["wards"])
    return Constituency(code=raw["code"], name=raw["name"], wards=wards)


def _area(raw: dict[str, Any]) -> Area:
    return Area(
        key=AreaKey(slug(raw["name"])),
        name=raw["name"],
        headquarters=raw["headquarters"],
        units=tuple(raw["units"]),
    )


def _called(county: str, kind: str, towns: tuple[dict[str, str], ...]) -> tuple[str, ...]:
    return tuple(row["name"] for row in towns if (row["county"], row["kind"]) == (county, kind))
