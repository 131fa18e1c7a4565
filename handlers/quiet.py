"""Quiet hours: a member's own, at a press or typed."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from crm import quiet
from crm.access import Desk
from crm.errors import Invalid
from crm.quiet import HOUR, Hours, clock
from handlers.buttons.quiet import KeepQuiet, OtherHours, QuietHours
from handlers.buttons.settings import Settings
from handlers.language import _, time_of_day
from handlers.screens import Screen, back, button, show

USUAL = [Hours(begins * HOUR, ends * HOUR) for begins, ends in ((20, 8), (21, 8), (22, 7), (22, 8), (23, 9), (0, 7))]
ABREAST = 2


class Choosing(StatesGroup):
    """What is asked to be written."""

    hours = State()


def routes() -> Router:
    """The screen, its choices, and the question."""
    router = Router(name="quiet")
    router.callback_query.register(show_hours, QuietHours.filter())
    router.callback_query.register(keep, KeepQuiet.filter())
    router.callback_query.register(ask, OtherHours.filter())
    router.message.register(typed, Choosing.hours, F.text)
    return router


async def show_hours(event: Message | CallbackQuery, desk: Desk, state: FSMContext) -> None:
    """When there is no sound, and what else it could be."""
    await state.clear()
    mine = await quiet.mine(desk)
    if mine is None:
        now = _("You have none: whatever I tell you unasked may ring at any time.")
    else:
        now = _("Yours are from <b>{hours}</b>.").format(hours=_span(mine))
    text = _(
        "🌙 <b>Quiet hours</b>\n\n{now}\n\nIn quiet hours my messages come without a sound. None is held back: you "
        "find them when you look."
    ).format(now=now)
    offered = [
        button(("✓ " if one == mine else "") + _span(one), KeepQuiet(begins=one.begins, ends=one.ends)) for one in USUAL
    ]
    rows = [offered[at : at + ABREAST] for at in range(0, len(offered), ABREAST)]
    rows.append([button(_("Other hours"), OtherHours())])
    if mine is not None:
        rows.append([button(_("No quiet hours"), KeepQuiet())])
    await show(event, Screen(text, [*rows, back(Settings())]))


def _span(hours: Hours) -> str:
    return f"{time_of_day(clock(hours.begins))} – {time_of_day(clock(hours.ends))}"


async def keep(query: CallbackQuery, callback_data: KeepQuiet, desk: Desk, state: FSMContext) -> None:
    """Take what was pressed."""
    begins, ends = callback_data.begins, callback_data.ends
    await quiet.keep(desk, Hours(begins, ends) if begins != ends else None)
    await show_hours(query, desk, state)


async def ask(query: CallbackQuery, state: FSMContext) -> None:
    """Ask for hours in words."""
    await state.set_state(Choosing.hours)
    text = _("Write from when to when, such as <code>21:30-7:15</code> or <code>10pm-7am</code>.")
    await show(query, Screen(text, [back(QuietHours())]))


async def typed(message: Message, desk: Desk, state: FSMContext) -> None:
    """Take what was written; ask again where that is no span."""
    try:
        await quiet.keep(desk, quiet.read(message.text or ""))
    except Invalid:
        text = _("I do not understand these hours. Write two times of the day, such as <code>21:30-7:15</code>.")
        await show(message, Screen(text, [back(QuietHours())]))
    else:
        await show_hours(message, desk, state)
