import pytest

from bot.dialogue.moderator.names import state_name
from bot.texts.catalogue import TAG
from domain.ports.chat import Language
from domain.reports.state import State
from tests.fakes.moderator_talk import CATALOGUES
from tests.spoken import LANGUAGES

PLAIN = ("button_", "command_", "flag_", "queue_line", "state_")
"""What stands on buttons and in menus, where a tag would be seen."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", State)
def test_every_state_has_a_short_name(state: State, language: Language) -> None:
    assert 0 < len(CATALOGUES.of(language).plain(state_name(state))) <= 24


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_on_a_button_is_short_and_has_no_tags(language: Language) -> None:
    catalogue = CATALOGUES.of(language)
    keys = [key for key in catalogue.keys if key.startswith("moderator.")]
    plain = [key for key in keys if key.removeprefix("moderator.").startswith(PLAIN)]
    assert len(plain) > 30
    assert not [key for key in plain if TAG.search(catalogue.form(key))]
    buttons = [key for key in plain if key.startswith(("moderator.button_", "moderator.state_"))]
    assert all(len(catalogue.form(key)) <= 24 for key in buttons)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_states_have_the_same_name(language: Language) -> None:
    names = {CATALOGUES.of(language).plain(state_name(state)) for state in State}
    assert len(names) == len(State)
