"""Leaving: what will happen and when, the name that confirms it, and the way back while there is one."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import deletion
from crm.access import Desk, Power
from crm.errors import Invalid
from crm.ports import Devices
from handlers.buttons.deletion import AskDeletion, DeleteAccount, TakeBack
from handlers.buttons.export import Export
from handlers.buttons.home import Home
from handlers.buttons.members import LeaveTeam
from handlers.buttons.privacy import Privacy
from handlers.language import _, day, ngettext, number
from handlers.screens import Screen, back, button, safe, show
from storage.deletions import Deletion


class Leaving(StatesGroup):
    """What is asked to be written."""

    name = State()


def routes() -> Router:
    """The way out."""
    router = Router(name="deletion")
    router.callback_query.register(explain, DeleteAccount.filter())
    router.callback_query.register(ask_name, AskDeletion.filter())
    router.callback_query.register(take_back, TakeBack.filter())
    router.message.register(explain, Command("deleteaccount"))
    router.message.register(ask, Leaving.name, F.text)
    return router


async def explain(event: Message | CallbackQuery, desk: Desk, state: FSMContext) -> None:
    """What will happen and when; or when it will, where it was asked for already."""
    await state.clear()
    pending = await deletion.pending(desk)
    if pending is not None:
        await show(event, _pending(desk, pending))
    elif desk.may(Power.OWN):
        await show(event, _before(desk))
    else:
        await show(event, _not_yours(desk))


def _before(desk: Desk) -> Screen:
    text = _(
        "<b>Leaving Wysper</b>\n\n"
        "If you go on:\n"
        "• from this moment nothing new of {workspace} is kept;\n"
        "• until <b>{day}</b> you can still read everything, take it with you, and change your mind;\n"
        "• on that day all contacts, messages, notes, tags and settings are erased, and the key of your vault with "
        "them. No copy and no backup can be read after that. Your team loses its seats.\n\n"
        "In Telegram itself nothing is deleted. Please take your data with you first."
    ).format(workspace=safe(desk.workspace.name), day=day(deletion.due_if_asked_now(desk)))
    rows = [
        [button(_("Take everything with me first"), Export(leaving=True))],
        [button(_("Go on and delete"), AskDeletion())],
        [button(_("No, I stay"), Home())],
    ]
    return Screen(text, rows)


def _not_yours(desk: Desk) -> Screen:
    text = _(
        "Only the owner can delete {workspace}. You can leave its team: then your name and your agreement are erased."
    ).format(workspace=safe(desk.workspace.name))
    return Screen(text, [[button(_("Leave this team"), LeaveTeam())], back(Privacy())])


def _pending(desk: Desk, pending: Deletion) -> Screen:
    left = max(0, ceil((pending.due_at - desk.installation.clock.now()) / timedelta(days=1)))
    days = ngettext("{n} day left", "{n} days left", left).format(n=number(left))
    text = _(
        "<b>{workspace} is leaving</b>\n\n"
        "Everything will be erased on <b>{day}</b> ({left}). Nothing new is kept since this was asked for.\n\n"
        "{until}"
    ).format(workspace=safe(desk.workspace.name), day=day(pending.due_at), left=days, until=_until(desk))
    rows: list[list[InlineKeyboardButton]] = []
    if desk.may(Power.EXPORT):
        rows.append([button(_("Take everything with me"), Export(leaving=True))])
    if desk.may(Power.OWN):
        rows.append([button(_("I stay: take it back"), TakeBack())])
    return Screen(text, [*rows, back()])


def _until(desk: Desk) -> str:
    if desk.may(Power.OWN):
        return _("Until then you can read everything, take it with you, and change your mind.")
    if desk.may(Power.EXPORT):
        return _("Until then you can read everything and take it with you. The owner can call it off.")
    return _("Until then you can read everything. The owner can call it off.")


async def ask_name(query: CallbackQuery, desk: Desk, state: FSMContext) -> None:
    """One last threshold: the name, written out."""
    desk.need(Power.OWN)
    await state.set_state(Leaving.name)
    await show(query, _name_wanted(desk))


def _name_wanted(desk: Desk) -> Screen:
    text = _("To delete it, write its name: <code>{workspace}</code>").format(workspace=safe(desk.workspace.name))
    return Screen(text, [[button(_("No, I stay"), Home())]])


async def ask(message: Message, desk: Desk, devices: Devices, state: FSMContext) -> None:
    """The name was written: where it is right, the days begin to count."""
    try:
        pending = await deletion.ask(desk, devices, message.text or "")
    except Invalid:
        text = _("That is not its name, so nothing was changed. Write it again, or stay.")
        await show(message, Screen(text, [[button(_("No, I stay"), Home())]]))
        return
    await state.clear()
    await show(message, _pending(desk, pending))


async def take_back(query: CallbackQuery, desk: Desk, devices: Devices) -> None:
    """Everything is as it was."""
    await deletion.take_back(desk, devices)
    text = _("Good to have you back! Nothing was erased, and new messages are kept again.")
    await show(query, Screen(text, [back()]))
