"""The first screen: what is connected, how much there is, who waits, and the ways to everything."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram import Router
from aiogram.filters import Command, CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import consents, deletion, home, workspaces
from crm.access import Desk, Power
from crm.home import Overview
from crm.installation import Installation
from crm.ports import Devices
from crm.roads import Health, Roads
from handlers.buttons.accounts import AccountList
from handlers.buttons.contacts import ContactList
from handlers.buttons.deletion import DeleteAccount
from handlers.buttons.export import Export
from handlers.buttons.help import Help
from handlers.buttons.home import Home
from handlers.buttons.privacy import Privacy
from handlers.buttons.queues import QueueList
from handlers.buttons.reminders import ReminderList
from handlers.buttons.replies import ReplyList
from handlers.buttons.saved_replies import SavedList
from handlers.buttons.search import AskSearch
from handlers.buttons.settings import Settings
from handlers.buttons.stages import Board
from handlers.buttons.start import Terms
from handlers.buttons.status import Status
from handlers.buttons.tags import TagList
from handlers.buttons.workspaces import SwitchTo, WorkspaceList
from handlers.language import _, day, ngettext, number, when
from handlers.screens import Screen, back, button, label, safe, show
from handlers.screens.roads import WELL, health, light
from handlers.screens.standing import entry
from storage.queues import Queue
from storage.reminders import Due
from storage.totals import Totals
from storage.workspaces import LEAVING


def routes() -> Router:
    """Home, the way out of any question, and the way to another workspace."""
    router = Router(name="home")
    router.callback_query.register(show_home, Home.filter())
    router.callback_query.register(choose_workspace, WorkspaceList.filter())
    router.callback_query.register(switch, SwitchTo.filter())
    router.message.register(cancel, Command("cancel"))
    router.message.register(show_home, Command("home", "menu"))
    router.message.register(greet, CommandStart())
    return router


async def greet(message: Message, desk: Desk, devices: Devices, installation: Installation, state: FSMContext) -> None:
    """/start of a member: home, unless there are new words to agree to (clause 12)."""
    if await consents.agreed(installation, desk.person.id):
        await show_home(message, desk, devices, installation, state)
        return
    text = _("Our privacy policy has changed. Please have a look before you go on.")
    await show(message, Screen(text, [[button(_("Show me"), Terms())], back()]))


async def show_home(
    event: Message | CallbackQuery, desk: Desk, devices: Devices, installation: Installation, state: FSMContext
) -> None:
    """What there is, in numbers."""
    await state.clear()
    overview = await home.overview(desk, devices)
    state_of_things = await _farewell(desk) or _connected(overview.accounts)
    lines = [f"<b>{safe(desk.workspace.name)}</b>", *(["", *state_of_things] if state_of_things else [])]
    lines += ["", *_due(overview.glance.due)] if overview.glance.due != Due() else []
    totals = overview.glance.totals
    lines += ["", *(_numbers(totals) if totals.contacts or totals.conversations else [_empty(overview.accounts)])]
    seats = await workspaces.seats(installation, desk.person.id)
    now = desk.installation.clock.now()
    first = [[entry(*one, queue=Queue.WAITING, now=now)] for one in overview.waiting]
    await show(event, Screen("\n".join(lines), [*first, *_ways(desk, overview, many=len(seats) > 1)]))


async def _farewell(desk: Desk) -> list[str]:
    leaving = await deletion.pending(desk) if desk.workspace.state == LEAVING else None
    if leaving is None:
        return []
    return [
        _("⏳ Everything here will be erased on {day}. Nothing new is kept any more.").format(day=day(leaving.due_at))
    ]


def _connected(accounts: Sequence[Roads]) -> list[str]:
    return [
        f"{light(one)} {safe(_name(one))}" + ("" if one.health in WELL else f" · {health(one)}") for one in accounts
    ]


def _name(roads: Roads) -> str:
    account = roads.account
    return " ".join(part for part in (account.first_name, account.last_name) if part) or f"#{account.id}"


def _numbers(totals: Totals) -> list[str]:
    counted = " · ".join(
        (
            ngettext("{n} contact", "{n} contacts", totals.contacts).format(n=number(totals.contacts)),
            ngettext("{n} conversation", "{n} conversations", totals.conversations).format(
                n=number(totals.conversations)
            ),
            ngettext("{n} message", "{n} messages", totals.messages).format(n=number(totals.messages)),
        )
    )
    if totals.oldest_waiting is None:
        return [counted, _("Nobody is waiting for an answer.")]
    waiting = ngettext(
        "{n} is waiting for an answer, since {when}.", "{n} are waiting for an answer, the longest since {when}.",
        totals.waiting,
    )  # fmt: skip
    return [counted, waiting.format(n=number(totals.waiting), when=when(totals.oldest_waiting))]


def _due(due: Due) -> list[str]:
    lines = []
    if due.overdue:
        overdue = ngettext("🔴 {n} promise is overdue.", "🔴 {n} promises are overdue.", due.overdue)
        lines.append(overdue.format(n=number(due.overdue)))
    if due.today:
        today = ngettext("⏰ {n} promise is due today.", "⏰ {n} promises are due today.", due.today)
        lines.append(today.format(n=number(due.today)))
    return lines


def _empty(accounts: Sequence[Roads]) -> str:
    if accounts and all(one.health is Health.SILENT for one in accounts):
        return _("No messages yet, and none can come in now: under Accounts, connect it again.")
    if accounts:
        return _("No messages yet. As soon as a client writes, the conversation appears here.")
    return _("No account is connected yet. Connect the Telegram account that your clients write to, and off we go.")


def _ways(desk: Desk, overview: Overview, *, many: bool) -> list[list[InlineKeyboardButton]]:
    totals, due = overview.glance.totals, overview.glance.due.overdue or overview.glance.due.today
    waiting = _("Waiting ({n})").format(n=number(totals.waiting)) if totals.waiting else _("Waiting")
    sign = "🔴 " if overview.glance.due.overdue else ""
    promised = _("Reminders ({n})").format(n=number(due)) if due else _("Reminders")
    out = [button(_("Export"), Export())] if desk.may(Power.EXPORT) else []
    first = [button(_("Connect an account"), AccountList())] if not overview.accounts and desk.may(Power.MANAGE) else []
    rows = [
        first,
        [button(waiting, QueueList()), button(f"{sign}{promised}", ReminderList())],
        [button(_("Contacts"), ContactList()), button(_("Search"), AskSearch())],
        [button(_("Board"), Board()), button(_("Tags"), TagList())],
        _answers(overview.glance.answers) if desk.may(Power.WRITE) else [],
        [button(_("Accounts"), AccountList()), button(_("Status"), Status()), *out],
        [button(_("Settings"), Settings()), button(_("Privacy"), Privacy()), button(_("Help"), Help())],
    ]
    if desk.workspace.state == LEAVING:
        rows.append([button(_("About the deletion"), DeleteAccount())])
    if many:
        rows.append([button(_("Another workspace"), WorkspaceList())])
    return rows


def _answers(counts: dict[str, int]) -> list[InlineKeyboardButton]:
    stuck, leaving = counts["stuck"], counts["later"]
    row = [button(_("Saved replies"), SavedList())]
    if leaving:
        row.append(button(_("🕘 Leaving later ({n})").format(n=number(leaving)), ReplyList(kind="later")))
    if stuck:
        row.append(button(_("🔴 Not sent ({n})").format(n=number(stuck)), ReplyList(kind="stuck")))
    return row


async def choose_workspace(query: CallbackQuery, desk: Desk, installation: Installation) -> None:
    """The workspaces of this person; the one on the desk is marked."""
    rows = [
        [
            button(
                ("✓ " if seat.workspace_id == desk.workspace.id else "") + label(there.name),
                SwitchTo(id=seat.workspace_id),
            )
        ]
        for seat, there in await workspaces.seats(installation, desk.person.id)
    ]
    await show(query, Screen(_("Where do you want to work?"), [*rows, back()]))


async def switch(query: CallbackQuery, callback_data: SwitchTo, installation: Installation, desk: Desk) -> None:
    """The next press comes from the other workspace."""
    await workspaces.switch(installation, desk.person.id, callback_data.id)
    seats = {seat.workspace_id: there for seat, there in await workspaces.seats(installation, desk.person.id)}
    text = _("You are in {workspace} now.").format(workspace=safe(seats[callback_data.id].name))
    await show(query, Screen(text, [[button(_("Go on"), Home())]]))


async def cancel(message: Message, state: FSMContext) -> None:
    """Leave whatever was being asked for."""
    asked = await state.get_state() is not None
    await state.clear()
    await show(
        message, Screen(_("All right, left as it was.") if asked else _("There is nothing to cancel."), [back()])
    )
