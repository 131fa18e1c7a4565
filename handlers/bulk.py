"""Changing many contacts at once: what, to what, the question with how many and who, and the undo."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from crm import bulk, queues, sifts, tags
from crm.access import Desk, Power
from crm.bulk import Change
from crm.jobs import Jobs
from crm.sifts import Sifted
from handlers.buttons.sifts import ChangeMany, DoToMany, SiftCard, UndoMany
from handlers.language import _, ngettext, number
from handlers.screens import Screen, back, button, confirm, label, pages, safe, shorten, show, spread

NAME, ABREAST = 32, 2


def routes() -> Router:
    """From the filter to the change, and back."""
    router = Router(name="bulk")
    router.callback_query.register(choose_target, ChangeMany.filter(F.change.in_(set(Change))))
    router.callback_query.register(choose_change, ChangeMany.filter())
    router.callback_query.register(change, DoToMany.filter(F.change.in_(set(Change)) & F.sure))
    router.callback_query.register(ask, DoToMany.filter(F.change.in_(set(Change))))
    router.callback_query.register(undo, UndoMany.filter())
    return router


async def choose_change(query: CallbackQuery, callback_data: ChangeMany, desk: Desk) -> None:
    """What is to be done to all of them."""
    desk.need(Power.WRITE)
    sifted = await sifts.look(desk, callback_data.id)
    here = callback_data.id
    ways = [
        button(_("🏷 Put a tag on"), ChangeMany(id=here, change=Change.TAG)),
        button(_("Take a tag off"), ChangeMany(id=here, change=Change.UNTAG)),
        *([button(_("👤 Who answers"), ChangeMany(id=here, change=Change.ASSIGN))] if desk.may(Power.ASSIGN) else []),
        button(_("🗄 Archive"), DoToMany(id=here, change=Change.ARCHIVE)),
    ]
    if sifted.stages:
        ways.insert(2, button(_("📊 Stage"), ChangeMany(id=here, change=Change.STAGE)))
    text = ngettext("What is to be done to {count} contact?", "What is to be done to {count} contacts?", sifted.count)
    await show(
        query, Screen(text.format(count=number(sifted.count)), [*spread(ways, ABREAST), back(SiftCard(id=here))])
    )


async def choose_target(query: CallbackQuery, callback_data: ChangeMany, desk: Desk) -> None:
    """Which tag, stage or member."""
    desk.need(Power.WRITE)
    at, change, last, page = callback_data, Change(callback_data.change), 0, 0
    match change:
        case Change.STAGE:
            choice = [(label(one.name), one.id or 0) for one in (await sifts.look(desk, at.id)).stages]
            choice.append((_("In no stage"), 0))
            text = _("To which stage?")
        case Change.ASSIGN:
            team = await queues.answerers(desk, page=at.page)
            choice = [*((label(one.name), one.id) for one in team.items), (_("Nobody in particular"), 0)]
            text, page, last = _("Who is to answer them?"), team.number, team.last
        case _:
            own = await tags.listing(desk, page=at.page)
            choice = [(f"{tag.colour} {label(tag.name)}", tag.id or 0) for tag, _uses in own.items]
            text, page, last = _("Which tag? The most used come first."), own.number, own.last
    rows = [[button(name, DoToMany(id=at.id, change=change, target=to))] for name, to in choice]
    turn = pages(page, last, lambda to: ChangeMany(id=at.id, change=change, page=to))
    await show(query, Screen(text, [*rows, turn, back(ChangeMany(id=at.id))]))


async def ask(query: CallbackQuery, callback_data: DoToMany, desk: Desk) -> None:
    """How many, and who; nothing is done yet."""
    at = callback_data
    await bulk.params(desk, at.id, Change(at.change), at.target)
    sifted = await sifts.look(desk, at.id)
    names = ", ".join(safe(shorten(one.name, NAME)) for one in sifted.first)
    more = " …" if sifted.count > len(sifted.first) else ""
    yes = at.model_copy(update={"sure": True})
    question = f"{await _question(desk, at, sifted)}\n\n{names}{more}\n\n" + _("It can be undone as a whole.")
    await show(query, Screen(question, confirm(_("Yes, all of them"), yes, ChangeMany(id=at.id))))


async def _question(desk: Desk, at: DoToMany, sifted: Sifted) -> str:
    count = sifted.count
    stages = {one.id: f"<b>{safe(one.name)}</b>" for one in sifted.stages}
    match Change(at.change):
        case Change.TAG:
            text = ngettext("Put {what} on {count} contact?", "Put {what} on {count} contacts?", count)
            what = f"<b>{safe(sifted.tags[at.target].name)}</b>"
        case Change.UNTAG:
            text = ngettext("Take {what} off {count} contact?", "Take {what} off {count} contacts?", count)
            what = f"<b>{safe(sifted.tags[at.target].name)}</b>"
        case Change.STAGE:
            text = ngettext("Move {count} contact: {what}?", "Move {count} contacts: {what}?", count)
            what = stages[at.target] if at.target else _("In no stage")
        case Change.ASSIGN:
            text = ngettext("Who answers {count} contact: {what}?", "Who answers {count} contacts: {what}?", count)
            what = await _member(desk, at.target) if at.target else _("Nobody in particular")
        case _:
            text, what = ngettext("Archive {count} contact?", "Archive {count} contacts?", count), ""
    return text.format(count=number(count), what=what)


async def _member(desk: Desk, person_id: int) -> str:
    return f"<b>{safe(shorten(await queues.answerer_name(desk, person_id), NAME))}</b>"


async def change(query: CallbackQuery, callback_data: DoToMany, desk: Desk, jobs: Jobs) -> None:
    """The progress is drawn in this very message."""
    at = callback_data
    params = await bulk.params(desk, at.id, Change(at.change), at.target)
    await _start(query, desk, jobs, bulk.KIND, params)


async def undo(query: CallbackQuery, callback_data: UndoMany, desk: Desk, jobs: Jobs) -> None:
    """The whole of it."""
    await _start(query, desk, jobs, bulk.UNDO, await bulk.undo_params(desk, callback_data.job))


async def _start(query: CallbackQuery, desk: Desk, jobs: Jobs, kind: str, params: bulk.Facts) -> None:
    if isinstance(query.message, Message):
        await jobs.start(desk, kind, params, chat_id=query.message.chat.id, message_id=query.message.message_id)
        await query.answer(_("I am on it."))
