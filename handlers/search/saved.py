"""Searches and filters under a name: listed, looked at again, renamed, shared, deleted and brought back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import sifts
from crm.access import Desk, Power
from crm.errors import NotFound
from crm.search import saved
from crm.search.saved import Kept
from handlers.buttons.queues import QueueList
from handlers.buttons.search import (
    AskSearch,
    DeleteSearch,
    KeepSearch,
    KeptSearch,
    KeptSearches,
    OpenSearch,
    RenameSearch,
    SearchPage,
    ShareSearch,
)
from handlers.buttons.sifts import SiftCard, SiftList
from handlers.language import _
from handlers.screens import Screen, back, button, label, pages, safe, show
from handlers.screens.sifted import kept_filter, said
from handlers.search.results import or_too_old, question, show_page
from storage.searches import FILTER, Search


class Naming(StatesGroup):
    """The name that is being waited for."""

    kept = State()
    other = State()


def join(router: Router) -> None:
    """Kept searches, with all others."""
    router.callback_query.register(ask_name, KeepSearch.filter())
    router.callback_query.register(show_list, KeptSearches.filter())
    router.callback_query.register(look, OpenSearch.filter())
    router.callback_query.register(show_card, KeptSearch.filter())
    router.callback_query.register(ask_other_name, RenameSearch.filter())
    router.callback_query.register(share, ShareSearch.filter())
    router.callback_query.register(delete, DeleteSearch.filter())
    router.message.register(keep, Naming.kept, F.text)
    router.message.register(rename, Naming.other, F.text)


def or_the_list(handler: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Where it is not there any more, or no longer for this member: what is."""

    @wraps(handler)
    async def careful(event: CallbackQuery | Message, *args: Any, desk: Desk, **facts: Any) -> None:
        try:
            await handler(event, *args, desk=desk, **facts)
        except NotFound as missing:
            if missing.noun != "saved_search":
                raise
            await _draw_list(event, desk, notice=_("This is not kept any more."))

    return careful


@or_too_old
async def ask_name(event: CallbackQuery, callback_data: KeepSearch, *, desk: Desk, state: FSMContext) -> None:
    """Ask for the name."""
    here = callback_data.id
    row = await saved.begun(desk, here)
    await state.set_state(Naming.kept)
    await state.set_data({"search": here})
    text = _("⭐ Under which name shall I keep this search with its filters?")
    if row.kind == FILTER:
        text = _("⭐ Under which name shall I keep this filter?")
    way_back = back(SiftCard(id=here) if row.kind == FILTER else SearchPage(id=here))
    await show(event, Screen(f"{await _about(desk, row)}\n\n{text}", [way_back]))


async def _about(desk: Desk, row: Search) -> str:
    """What it asks for."""
    if row.kind == FILTER:
        return "\n".join(said(await sifts.look(desk, row.id or 0)))
    return f"🔎 <b>{question(row)}</b>"


@or_too_old
async def keep(message: Message, *, desk: Desk, state: FSMContext) -> None:
    """The name has come."""
    number = await saved.keep(desk, int((await state.get_data()).get("search", 0)), message.text or "")
    await state.clear()
    await _draw_card(message, desk, await saved.one(desk, number))


async def show_list(event: CallbackQuery, callback_data: KeptSearches, desk: Desk) -> None:
    """One's own and the team's."""
    await _draw_list(event, desk, page=callback_data.page)


async def _draw_list(event: CallbackQuery | Message, desk: Desk, *, page: int = 0, notice: str = "") -> None:
    here = await saved.listing(desk, page=page)
    text = _(
        "<b>⭐ Kept searches and filters</b>\n\nYour own, and 👥 those that the team shares. Behind a filter 🎚 stands "
        "how many fit now."
    )
    if not here.count:
        text = _("<b>⭐ Nothing is kept yet</b>\n\nSearch or filter, narrow it down, and press “Keep”.")
    rows = [[_way_to(one), button("⚙️", KeptSearch(id=one.row.id or 0))] for one in here.items]
    turn = pages(here.number, here.last, lambda to: KeptSearches(page=to))
    ways = [button(_("🔎 Search"), AskSearch()), button(_("🎚 Filter"), SiftCard())]
    ways.append(button(_("⏳ Who waits"), QueueList()))
    await show(event, Screen("\n\n".join(filter(None, [notice, text])), [*rows, turn, ways, back()]))


def _way_to(one: Kept) -> InlineKeyboardButton:
    if one.count is not None:
        return kept_filter(one)
    return button(("👥 " if one.row.shared else "") + label(one.row.name or ""), OpenSearch(id=one.row.id or 0))


@or_the_list
async def look(event: CallbackQuery, callback_data: OpenSearch, *, desk: Desk) -> None:
    """What it finds today."""
    await show_page(event, desk, await saved.look(desk, callback_data.id))


@or_the_list
async def show_card(event: CallbackQuery, callback_data: KeptSearch, *, desk: Desk) -> None:
    """What can be done with it."""
    await _draw_card(event, desk, await saved.one(desk, callback_data.id))


async def _draw_card(event: CallbackQuery | Message, desk: Desk, row: Search) -> None:
    here = row.id or 0
    name = f"<b>⭐ {safe(row.name or '')}</b>"
    if row.deleted_at is not None:
        undo = [button(_("↩️ Bring it back"), DeleteSearch(id=here, on=False))] if saved.may_change(desk, row) else []
        gone = _("🗑 This filter is deleted.") if row.kind == FILTER else _("🗑 This search is deleted.")
        await show(event, Screen(f"{name}\n\n{gone}", [undo, back(KeptSearches())]))
        return
    state = _("👥 The whole team can use it.") if row.shared else _("Only you can use it.")
    to = SiftList(id=here) if row.kind == FILTER else OpenSearch(id=here)
    rows = [[button(_("🔎 Look"), to)], *_changes(desk, row), back(KeptSearches())]
    await show(event, Screen(f"{name}\n{await _about(desk, row)}\n\n{state}", rows))


def _changes(desk: Desk, row: Search) -> list[list[InlineKeyboardButton]]:
    if not saved.may_change(desk, row):
        return []
    here = row.id or 0
    words = _("For me alone") if row.shared else _("👥 Share with the team")
    sharing = [button(words, ShareSearch(id=here, on=not row.shared))] if desk.may(Power.WRITE) else []
    delete = [button(_("🗑 Delete"), DeleteSearch(id=here, on=True))]
    return [[button(_("Rename"), RenameSearch(id=here)), *sharing], delete]


@or_the_list
async def ask_other_name(event: CallbackQuery, callback_data: RenameSearch, *, desk: Desk, state: FSMContext) -> None:
    """Another name."""
    row = await saved.one(desk, callback_data.id)
    await state.set_state(Naming.other)
    await state.set_data({"saved": callback_data.id})
    text = _("Now it is called {name}. Write the new name.").format(name=safe(row.name or ""))
    await show(event, Screen(text, [back(KeptSearch(id=callback_data.id))]))


@or_the_list
async def rename(message: Message, *, desk: Desk, state: FSMContext) -> None:
    """The other name has come."""
    number = int((await state.get_data()).get("saved", 0))
    await saved.rename(desk, number, message.text or "")
    await state.clear()
    await _draw_card(message, desk, await saved.one(desk, number))


@or_the_list
async def share(event: CallbackQuery, callback_data: ShareSearch, *, desk: Desk) -> None:
    """With everybody here, or with nobody."""
    await saved.share(desk, callback_data.id, on=callback_data.on)
    await _draw_card(event, desk, await saved.one(desk, callback_data.id))


@or_the_list
async def delete(event: CallbackQuery, callback_data: DeleteSearch, *, desk: Desk) -> None:
    """At once, with a way back instead of a question."""
    await saved.delete(desk, callback_data.id, on=callback_data.on)
    await _draw_card(event, desk, await saved.one(desk, callback_data.id))
