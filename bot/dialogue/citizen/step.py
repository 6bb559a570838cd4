"""One step of this dialogue."""

from bot.dialogue.citizen.state import State
from bot.dialogue.converse import Step
from domain.reports.desk import CitizenDesk

CitizenStep = Step[State, CitizenDesk]
