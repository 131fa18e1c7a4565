"""Narrowing a search: by kind, by dates, by tag, by person."""

from __future__ import annotations

from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import search, tags
from crm.access import Desk
from crm.errors import Invalid, NotFound
from crm.search.kinds import Kind
from crm.spans import Span
from handlers.buttons.search import SearchAnywhere, SearchDates, SearchKind, SearchPage, SearchPerson, SearchTag
from handlers.language import _
from handlers.screens import Screen, back, button, label, pages, show, spread
from handlers.screens.days import in_numbers
from handlers.search.chips import kind_label, span_label
from handlers.search.results import or_too_old, question, show_page

IN_A_ROW = 2
ANY = "any"  # on a button, where an empty value would be the default


class DateAsking(StatesGroup):
    """The text that is being waited for."""

    dates = State()


@or_too_old
async def kind(event: CallbackQuery, callback_data: SearchKind, *, desk: Desk) -> None:
    """Choose one, or look again with the one that was chosen."""
    here = callback_data.id
    chosen = callback_data.kind.removeprefix(ANY)
    if chosen in {one.value for one in Kind}:
        await search.change(desk, here, kind=chosen)
        await show_page(event, desk, here)
        return
    choice = [button(kind_label(one), SearchKind(id=here, kind=one.value or ANY)) for one in Kind]
    await _offer(event, desk, here, text=_("Which kind?"), choice=choice)


@or_too_old
async def dates(event: CallbackQuery, callback_data: SearchDates, *, desk: Desk, state: FSMContext) -> None:
    """Choose a span, or be asked for one, or look again with the one that was chosen."""
    here, span = callback_data.id, callback_data.span.removeprefix(ANY)
    if span == Span.TYPED:
        await search.results(desk, here)
        await state.set_state(DateAsking.dates)
        await state.set_data({"search": here})
        text = _("Write the first and the last day, such as 1.5.2026 – 31.5.2026, or one day alone, such as 3 May.")
        await show(event, Screen(text, [back(SearchPage(id=here))]))
        return
    if span in {one.value for one in Span}:
        await search.change(desk, here, span=span, since=None, until=None)
        await show_page(event, desk, here)
        return
    choice = [button(span_label(one), SearchDates(id=here, span=one.value or ANY)) for one in Span]
    await _offer(event, desk, here, text=_("From when?"), choice=choice)


@or_too_old
async def typed_dates(message: Message, *, desk: Desk, state: FSMContext) -> None:
    """The days have come."""
    here = int((await state.get_data()).get("search", 0))
    try:
        await search.between(desk, here, in_numbers(message.text or ""))
    except Invalid:
        text = _(
            "I did not understand these days. Write them like this: 1.5.2026 – 31.5.2026, or one day alone: 3 May."
        )
        await show(message, Screen(text, [back(SearchPage(id=here))]))
        return
    except NotFound:
        await state.clear()
        raise
    await state.clear()
    await show_page(message, desk, here)


@or_too_old
async def tag(event: CallbackQuery, callback_data: SearchTag, *, desk: Desk) -> None:
    """Choose one, or look again with the one that was chosen."""
    here = callback_data.id
    if callback_data.tag >= 0:
        notice = ""
        try:
            await search.change(desk, here, tags=[callback_data.tag] if callback_data.tag else [], without_tags=[])
        except NotFound as missing:
            if missing.noun != "tag":
                raise
            notice = _("This tag is not there any more.")
        await show_page(event, desk, here, notice=notice)
        return
    page = await tags.listing(desk, page=callback_data.page)
    choice = [
        button(f"{one.colour} {label(one.name)}", SearchTag(id=here, tag=one.id or 0)) for one, _uses in page.items
    ]
    turn = pages(page.number, page.last, lambda to: SearchTag(id=here, page=to))
    text = _("With which tag?") if page.count else _("There are no tags yet.")
    choice.append(button(_("Any tag or none"), SearchTag(id=here, tag=0)))
    await _offer(event, desk, here, text=text, choice=choice, turn=turn)


@or_too_old
async def person(event: CallbackQuery, callback_data: SearchPerson, *, desk: Desk) -> None:
    """Choose among those who were found, or look again with the one that was chosen."""
    here = callback_data.id
    if callback_data.contact >= 0:
        notice = ""
        try:
            await search.change(desk, here, contact_id=callback_data.contact or None)
        except NotFound as missing:
            if missing.noun != "contact":
                raise
            notice = _("This contact is not there any more.")
        await show_page(event, desk, here, notice=notice)
        return
    found = await search.people(desk, here)
    choice = [button(label(one.name), SearchPerson(id=here, contact=one.id or 0)) for one in found]
    text = _("With whom? These are the last ones that were found.") if found else _("Nobody was found.")
    choice.append(button(_("Anybody"), SearchPerson(id=here, contact=0)))
    await _offer(event, desk, here, text=text, choice=choice)


@or_too_old
async def anywhere(event: CallbackQuery, callback_data: SearchAnywhere, *, desk: Desk) -> None:
    """Look again without any filter."""
    await search.anywhere(desk, callback_data.id)
    await show_page(event, desk, callback_data.id)


async def _offer(
    event: CallbackQuery,
    desk: Desk,
    search_id: int,
    *,
    text: str,
    choice: list[InlineKeyboardButton],
    turn: list[InlineKeyboardButton] | None = None,
) -> None:
    """A question about the search, its answers two in a row, and the way back to what was found."""
    row = (await search.results(desk, search_id)).search
    shown = f"🔎 <b>{question(row)}</b>\n\n{text}"
    await show(event, Screen(shown, [*spread(choice, IN_A_ROW), turn or [], back(SearchPage(id=search_id))]))
