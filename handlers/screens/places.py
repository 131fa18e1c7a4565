"""The question where somebody is: asked on arrival and in the settings, answered by a press or in writing."""

from __future__ import annotations

from datetime import datetime

from aiogram.fsm.state import State, StatesGroup
from aiogram.types import InlineKeyboardButton

from crm import zones
from handlers.buttons.zone import SetZone
from handlers.language import current
from handlers.screens import Rows, button


class PlaceAsking(StatesGroup):
    """The text that is being waited for."""

    place = State()


def cities(found: tuple[str, ...], *, arriving: bool, now: datetime | None = None) -> Rows:
    """A button for each zone, two in a row; with a moment, also how far each is from Greenwich then."""
    buttons: list[InlineKeyboardButton] = []
    for zone in found:
        away = f" · {zones.offset(zone, now)}" if now else ""
        label = f"{zones.city(zone, current().language)}{away}"
        buttons.append(button(label, SetZone(zone=zone, arriving=arriving)))
    return [buttons[first : first + 2] for first in range(0, len(buttons), 2)]
