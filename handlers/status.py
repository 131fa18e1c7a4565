"""How the machinery is: each account with its roads, what came in, and what could not be worked off."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from crm import home
from crm.access import Desk
from crm.home import Status as Facts
from crm.ports import Devices
from crm.roads import Roads
from handlers.buttons.accounts import AccountList
from handlers.buttons.status import Completeness, Status
from handlers.language import _, ngettext, number, when
from handlers.screens import Screen, back, button, safe, show
from handlers.screens.roads import business, device, health, light
from storage.userbots import Reading


def routes() -> Router:
    """One screen."""
    router = Router(name="status")
    router.callback_query.register(show_status, Status.filter())
    router.message.register(show_status, Command("status"))
    return router


async def show_status(event: Message | CallbackQuery, desk: Desk, devices: Devices, version: str) -> None:
    """Everything that can be asked about the machinery."""
    facts = await home.status(desk, devices)
    lines = [_("<b>Status</b>"), ""]
    for roads in facts.accounts:
        lines += [*_account(roads, facts), ""]
    if not facts.accounts:
        lines += [_("Nothing is connected yet."), ""]
    lines += _dead_letters(facts.dead_letters)
    lines.append(_("Wysper {version}").format(version=version))
    rows = [[button(_("Refresh"), Status()), button(_("Accounts"), AccountList())]]
    rows += [[button(_("What is kept, and what is not"), Completeness())], back()]
    await show(event, Screen("\n".join(lines), rows))


def _account(roads: Roads, facts: Facts) -> list[str]:
    heard = facts.heard.get(roads.account.id)
    lines = [f"<b>{safe(roads.account.name)}</b>", f"{light(roads)} {health(roads)}"]
    lines += [] if roads.paused else [*business(roads), device(roads)]
    count = heard.messages if heard else 0
    lines.append(ngettext("{n} message kept", "{n} messages kept", count).format(n=number(count)))
    if heard is not None and heard.last_at is not None:
        lines.append(_("Newest message: {when}").format(when=when(heard.last_at)))
    return [*lines, *_history(facts.readings[roads.account.id])]


def _history(reading: Reading) -> list[str]:
    """How far the history has been read, while it has not been read whole."""
    if not reading.chats:
        return []
    if reading.listed and reading.chats_done == reading.chats:
        return [_("History: read to its beginning")]
    text = _("History: {done} of {chats} chats read")
    return [text.format(done=number(reading.chats_done), chats=number(reading.chats))]


def _dead_letters(count: int | None) -> list[str]:
    if not count:
        return []
    text = ngettext(
        "⚠️ {n} update could not be worked off. The operator sees it with <code>wysper check</code>.",
        "⚠️ {n} updates could not be worked off. The operator sees them with <code>wysper check</code>.",
        count,
    )
    return [text.format(n=number(count)), ""]
