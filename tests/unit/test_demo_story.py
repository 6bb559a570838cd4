"""The demo's guided story names what really can be pressed."""

import re
from typing import Any

import pytest

from app.demo_story import story
from app.reference.load import load_offices
from bot.texts.catalogue import Catalogue
from tests.sandbox_client import ROOT

STEPS = story()
QUOTED = re.compile("“([^”]+)”")
STAFF = {"Otieno", "Wanjiru", "Kamau"}
PAGE = (ROOT / "sandbox" / "page" / "texts.js").read_text(encoding="utf-8").partition("  sw: {")


def can_be_pressed(language: str, phone: str | None) -> set[str]:
    """On that phone, whose owner has chosen that language, and on the page around it."""
    spoken = "en" if phone in STAFF else language
    book = Catalogue.load(spoken)
    labels = {book.form(key) for key in book.keys - book.plural_keys}
    offices = {office.name for office in load_offices()}
    page = set(re.findall(r': "([^"]+)"', PAGE[0] if language == "en" else PAGE[2]))
    return labels | offices | page


@pytest.mark.parametrize("language", ["en", "sw"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: str(step["do"]["en"])[:24])
def test_every_button_of_a_step_is_one(step: dict[str, Any], language: str) -> None:
    named = set(QUOTED.findall(step["do"][language]))
    assert named - can_be_pressed(language, step["phone"]) == set()
    assert "{" not in step["do"][language]


def test_a_step_names_as_many_buttons_in_each_language() -> None:
    for step in STEPS:
        english, kiswahili = (QUOTED.findall(step["do"][language]) for language in ("en", "sw"))
        assert len(english) == len(kiswahili), step["do"]


def test_the_story_names_the_forum_it_comes_after() -> None:
    assert "Nairobi, 3 October 2025" in STEPS[0]["look"]["en"]
    assert "Nairobi, 3 Oktoba 2025" in STEPS[0]["look"]["sw"]
