"""Searching: the question, what was found, and the filters that narrow it."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from crm import contacts, search
from crm.access import Desk, Power
from crm.search.levels import Level, Place
from handlers.buttons.contacts import ContactCard, ContactList
from handlers.buttons.search import (
    AskSearch,
    KeptSearches,
    SearchAnywhere,
    SearchDates,
    SearchField,
    SearchKind,
    SearchMore,
    SearchPage,
    SearchPerson,
    SearchTag,
    SearchWords,
)
from handlers.language import _
from handlers.screens import Screen, back, button, safe, shorten, show
from handlers.screens.filters import explained, read, typed
from handlers.screens.values import notation
from handlers.search import fields, filters, saved
from handlers.search.more import more
from handlers.search.results import or_too_old, show_page

NAME = 64


class WordAsking(StatesGroup):
    """The text that is being waited for."""

    words = State()
    other_words = State()


def routes() -> Router:
    """The question, the results, the filters; and any text that nobody asked for is a question too."""
    router = Router(name="search")
    router.callback_query.register(show_results, SearchPage.filter())
    router.callback_query.register(begin_wordless, AskSearch.filter(F.wordless))
    router.callback_query.register(ask, AskSearch.filter())
    router.callback_query.register(drop_words, SearchWords.filter(F.wordless))
    router.callback_query.register(ask_other_words, SearchWords.filter())
    router.callback_query.register(filters.kind, SearchKind.filter())
    router.callback_query.register(filters.dates, SearchDates.filter())
    router.callback_query.register(filters.tag, SearchTag.filter())
    router.callback_query.register(filters.person, SearchPerson.filter())
    router.callback_query.register(filters.anywhere, SearchAnywhere.filter())
    router.callback_query.register(fields.field, SearchField.filter())
    router.callback_query.register(more, SearchMore.filter())
    saved.join(router)
    router.message.register(begin, WordAsking.words, F.text)
    router.message.register(change_words, WordAsking.other_words, F.text)
    router.message.register(filters.typed_dates, filters.DateAsking.dates, F.text)
    router.message.register(by_command, Command("search"))
    router.message.register(begin, StateFilter(None), F.text, ~F.text.startswith("/"))
    return router


async def show_results(event: CallbackQuery, callback_data: SearchPage, desk: Desk) -> None:
    """What was found, one page."""
    at = callback_data
    level = Level(at.level) if at.level in list(Level) else Level.TYPED
    await show_page(event, desk, at.id, start=Place(level, at.before))


async def by_command(message: Message, command: CommandObject, desk: Desk, state: FSMContext) -> None:
    """With the words behind the command at once, else after a question."""
    if command.args:
        await _look(message, desk, command.args, AskSearch())
        return
    await ask(message, desk, state)


async def ask(
    event: CallbackQuery | Message, desk: Desk, state: FSMContext, callback_data: AskSearch | None = None
) -> None:
    """What to look for."""
    desk.need(Power.READ)
    at = callback_data or AskSearch()
    text = _(
        "🔎 What are you looking for? Write a word or two from a message, a note or a name.\n\n"
        "You can narrow it down in the same line: {example}"
    ).format(example=f"<code>{typed('from', 'Anna')} {typed('after', '2025')} {typed('has', 'photo')}</code>")
    way_back = back()
    if at.contact:
        contact = (await contacts.card(desk, at.contact)).contact
        text = _("🔎 What are you looking for with {contact}? Write a word or two.")
        text = text.format(contact=f"<b>{safe(shorten(contact.name, NAME))}</b>")
        way_back = back(ContactCard(id=at.contact))
    elif at.people:
        text = _("🔎 Whom are you looking for? Write a part of the name, the username or the phone number.")
        way_back = back(ContactList())
    await state.set_state(WordAsking.words)
    await state.set_data(at.model_dump())
    wordless = [button(_("Show everything"), AskSearch(contact=at.contact, wordless=True))] if not at.people else []
    kept = [button(_("⭐ Kept"), KeptSearches())] if at == AskSearch() else []
    await show(event, Screen(text, [wordless, kept, way_back]))


async def begin_wordless(event: CallbackQuery, callback_data: AskSearch, desk: Desk) -> None:
    """Everything, to be narrowed by filters: all photos of a person, say."""
    await show_page(event, desk, await search.begin(desk, "", contact_id=callback_data.contact))


async def begin(message: Message, desk: Desk, state: FSMContext) -> None:
    """The words have come, asked for or not."""
    asked = AskSearch.model_validate(await state.get_data() if await state.get_state() else {})
    await state.clear()
    await _look(message, desk, message.text or "", asked)


async def _look(message: Message, desk: Desk, text: str, asked: AskSearch) -> None:
    line = await read(desk, text)
    found = await search.begin(desk, line.words, contact_id=asked.contact, people=asked.people)
    troubles = await search.say(desk, found, line.said, notation())
    await show_page(message, desk, found, notice=explained(troubles, line.strange))


@or_too_old
async def ask_other_words(event: CallbackQuery, callback_data: SearchWords, *, desk: Desk, state: FSMContext) -> None:
    """Other words for the same filters."""
    await search.results(desk, callback_data.id)
    await state.set_state(WordAsking.other_words)
    await state.set_data({"search": callback_data.id})
    text = _("🔎 Write other words; the filters stay as they are.")
    wordless = [button(_("Show everything"), SearchWords(id=callback_data.id, wordless=True))]
    await show(event, Screen(text, [wordless, back(SearchPage(id=callback_data.id))]))


@or_too_old
async def drop_words(event: CallbackQuery, callback_data: SearchWords, *, desk: Desk) -> None:
    """Everything that the filters leave."""
    await search.change(desk, callback_data.id, words="")
    await show_page(event, desk, callback_data.id)


@or_too_old
async def change_words(message: Message, *, desk: Desk, state: FSMContext) -> None:
    """The other words have come."""
    found = int((await state.get_data()).get("search", 0))
    await state.clear()
    line = await read(desk, message.text or "")
    await search.change(desk, found, words=line.words)
    troubles = await search.say(desk, found, line.said, notation())
    await show_page(message, desk, found, notice=explained(troubles, line.strange))
