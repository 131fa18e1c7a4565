"""What is not complete: how far each account is known, and every gap with what became of it."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from crm import accounts, completeness
from crm.access import Desk
from crm.completeness import Lack
from crm.ports import Devices
from handlers.buttons.status import Completeness, Status
from handlers.language import _
from handlers.screens import Screen, back, button, pages, show
from handlers.screens.completeness import account, gap


def routes() -> Router:
    """One screen."""
    router = Router(name="completeness")
    router.callback_query.register(show_completeness, Completeness.filter())
    return router


async def show_completeness(event: CallbackQuery, desk: Desk, callback_data: Completeness, devices: Devices) -> None:
    """The accounts first, then the gaps, those that are open before those that were closed."""
    facts = await completeness.ledger(desk, page=callback_data.page)
    lines = [_("<b>What is kept, and what is not</b>"), ""]
    live = {one.account.id: one.live for one in await accounts.overview(desk, devices)}
    lines += [account(one, live=live.get(one.account.id, False)) for one in facts.heard] or [
        _("Nothing is connected yet.")
    ]
    lines += ["", *(gap(one.gap, _whose(one)) for one in facts.lacks.items)]
    lines += [] if facts.lacks.count else [_("No gap is known.")]
    lines += ["", _("What was deleted before it was first seen leaves no trace, and cannot be counted.")]
    turn = pages(facts.lacks.number, facts.lacks.last, lambda number: Completeness(page=number))
    refresh = [button(_("Refresh"), Completeness(page=facts.lacks.number))]
    await show(event, Screen("\n".join(lines), [turn, refresh, [*back(Status()), *back()]]))


def _whose(lack: Lack) -> str:
    return lack.contact.name if lack.contact is not None else lack.account.name
