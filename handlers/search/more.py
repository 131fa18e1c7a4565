"""What else narrows a search: whose words, where the conversation stands, the stage, the account."""

from __future__ import annotations

from aiogram.types import CallbackQuery, InlineKeyboardButton

from crm import search
from crm.access import Desk
from crm.errors import NotFound
from crm.search.kinds import Writer
from handlers.buttons.search import SearchMore, SearchPage
from handlers.language import _
from handlers.screens import Screen, back, button, label, show, spread
from handlers.search import fields
from handlers.search.chips import queue_label, writer_label
from handlers.search.results import or_too_old, question
from storage.queues import Queue

NUMBERS = {"stage": "stage_id", "account": "account_id"}
IN_A_ROW = 3


@or_too_old
async def more(event: CallbackQuery, callback_data: SearchMore, *, desk: Desk) -> None:
    """Take the value that was pressed, or let go of it where it is the chosen one; then all of them again."""
    at = callback_data
    try:
        await _take(desk, at)
    except NotFound as missing:
        if missing.noun == "search":
            raise
    choices = await search.choices(desk, at.id)
    row = choices.search
    accounts = choices.accounts if len(choices.accounts) > 1 or row.account_id else ()
    groups = [
        _group(at.id, "writer", row.writer, {one: writer_label(one) for one in _writers(row.contact_id)}),
        _group(at.id, "queue", row.queue, {one: queue_label(one) for one in Queue}),
        _group(at.id, "stage", str(row.stage_id or ""), {str(one.id): label(one.name) for one in choices.stages}),
        _group(at.id, "account", str(row.account_id or ""), {str(one.id): label(one.name) for one in accounts}),
    ]
    ask = _("Only where…")
    rows = [line for lines in groups for line in lines]
    await show(
        event, Screen(f"🔎 <b>{question(row)}</b>\n\n{ask}", [*rows, fields.way(choices), back(SearchPage(id=at.id))])
    )


def _writers(contact_id: int | None) -> list[Writer]:
    return [Writer.US] if contact_id is None else [Writer.CONTACT, Writer.US]


async def _take(desk: Desk, at: SearchMore) -> None:
    if at.by in NUMBERS:
        await search.change(desk, at.id, **{NUMBERS[at.by]: int(at.value) if at.value.isdecimal() else None})
    elif at.by == "queue" and at.value in {"", *Queue}:
        await search.change(desk, at.id, queue=at.value)
    elif at.by == "writer" and at.value in list(Writer):
        await search.change(desk, at.id, writer=at.value)


def _group(search_id: int, name: str, chosen: str, values: dict[str, str]) -> list[list[InlineKeyboardButton]]:
    buttons = [
        button(
            ("• " if value == chosen else "") + words,
            SearchMore(id=search_id, by=name, value="" if value == chosen else value),
        )
        for value, words in values.items()
    ]
    return spread(buttons, IN_A_ROW)
