"""Narrowing a search by the fields of the workspace's own."""

from __future__ import annotations

from dataclasses import asdict

from aiogram.types import CallbackQuery, InlineKeyboardButton

from crm import search
from crm.access import Desk
from crm.search import Choices
from handlers.buttons.search import SearchField, SearchMore
from handlers.language import _
from handlers.screens import Screen, back, button, label, safe, show
from handlers.screens.filters import typed
from handlers.search.results import or_too_old, question, show_page
from storage.fields import UNITS, CustomField, Kind, Wanted

NO_MATTER, FILLED_IN, OPEN = -1, -2, -3  # where a choice would be
EXAMPLES = {Kind.TEXT: "Berlin", Kind.NUMBER: ">10", Kind.MONEY: ">1000", Kind.DATE: "<1.5.2026"}


@or_too_old
async def field(query: CallbackQuery, callback_data: SearchField, *, desk: Desk) -> None:
    """Which field, then what stands in it, then what is found so."""
    at = callback_data
    choices = await search.choices(desk, at.id)
    one = next((own for own in choices.fields if own.id == at.field), None)
    if one is None:
        await _offer_fields(query, choices)
    elif at.choice == OPEN:
        await _offer_values(query, at, one)
    else:
        others = [facts for facts in choices.search.fields if facts["field_id"] != one.id]
        wanted = [] if at.choice == NO_MATTER else [asdict(_wanted(one, at.choice))]
        await search.change(desk, at.id, fields=[*others, *wanted])
        await show_page(query, desk, at.id)


async def _offer_fields(query: CallbackQuery, choices: Choices) -> None:
    here = choices.search.id or 0
    chosen = {facts["field_id"] for facts in choices.search.fields}
    rows = [
        [button(("• " if one.id in chosen else "") + label(one.name), SearchField(id=here, field=one.id or 0))]
        for one in choices.fields
    ]
    text = f"🔎 <b>{question(choices.search)}</b>\n\n{_('By which field?')}"
    await show(query, Screen(text, [*rows, back(SearchMore(id=here))]))


async def _offer_values(query: CallbackQuery, at: SearchField, one: CustomField) -> None:
    text = f"<b>{safe(one.name)}</b>"
    if one.kind in EXAMPLES:
        example = safe(typed("field", EXAMPLES[Kind(one.kind)], one.name))
        text += "\n\n" + _("You can also type it: {example}").format(example=f"<code>{example}</code>")
    rows = [[button(words, SearchField(id=at.id, field=at.field, choice=place))] for words, place in _values(one)]
    await show(query, Screen(text, [*rows, back(SearchField(id=at.id))]))


def _values(one: CustomField) -> list[tuple[str, int]]:
    own = [(label(choice), place) for place, choice in enumerate(one.choices)]
    if one.kind == Kind.YES_NO:
        own = [(_("Yes"), 1), (_("No"), 0)]
    return [*own, (_("Filled in"), FILLED_IN), (_("No matter"), NO_MATTER)]


def _wanted(one: CustomField, choice: int) -> Wanted:
    """A place that is none, from an old button, asks for anything at all."""
    if one.kind == Kind.YES_NO and choice in {0, 1}:
        return Wanted(one.id or 0, sign="=", low=choice * UNITS)
    words = one.choices[choice] if 0 <= choice < len(one.choices) else ""
    return Wanted(one.id or 0, words=words)


def way(choices: Choices) -> list[InlineKeyboardButton]:
    """To this, where there are fields."""
    here = SearchField(id=choices.search.id or 0)
    return [button(("• " if choices.search.fields else "") + _("🗂 Fields"), here)] if choices.fields else []
