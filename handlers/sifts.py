"""Filtering the contacts by any combination of tags, stage, queue and fields."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import sifts, tags
from crm.access import Desk, Power
from crm.errors import NotFound
from crm.sifts import Sifted
from handlers.buttons.contacts import ContactCard, ContactList
from handlers.buttons.export import ContactsOut
from handlers.buttons.queues import QueueList
from handlers.buttons.search import KeepSearch, KeptSearch
from handlers.buttons.sifts import (
    SIFT,
    ChangeMany,
    MendSift,
    SiftCard,
    SiftField,
    SiftList,
    SiftQueue,
    SiftStage,
    SiftTags,
)
from handlers.language import _, ngettext, number
from handlers.screens import Screen, back, button, fit, label, pages, safe, shorten, show, spread
from handlers.screens.sifted import NO_MATTER, UNWANTED, WANTED, deleted, said
from handlers.screens.standing import queue_name
from storage.fields import CustomField, Kind
from storage.queues import Queue
from storage.sifts import Sieve

NAME, ABREAST = 32, 2


def routes() -> Router:
    """The filter and what it is made of."""
    router = Router(name="sifts")
    router.callback_query.register(show_card, SiftCard.filter())
    router.callback_query.register(show_list, SiftList.filter())
    router.callback_query.register(mend, MendSift.filter())
    router.callback_query.register(show_tags, SiftTags.filter())
    router.callback_query.register(show_stages, SiftStage.filter())
    router.callback_query.register(show_queues, SiftQueue.filter(F.queue.in_({"", "?", *Queue})))
    router.callback_query.register(show_fields, SiftField.filter())
    router.message.register(show_card, Command("filter"))
    return router


async def show_card(event: CallbackQuery | Message, desk: Desk, callback_data: SiftCard | None = None) -> None:
    """What the filter says, whom it leaves, and what can be done with them."""
    at = callback_data or SiftCard()
    number_of_it = at.id or await sifts.begin(desk, Sieve(tags=[at.tag]) if at.tag else None)
    await _draw(event, desk, await sifts.look(desk, number_of_it))


async def _draw(event: CallbackQuery | Message, desk: Desk, sifted: Sifted) -> None:
    here = sifted.id
    head = ngettext("<b>Filter</b> · {count} contact", "<b>Filter</b> · {count} contacts", sifted.count)
    lines = [f"⭐ <b>{safe(sifted.name)}</b>"] if sifted.name else []
    lines += [head.format(count=number(sifted.count)), *said(sifted)]
    names = [safe(shorten(one.name, NAME)) for one in sifted.first]
    if not sifted.impossible:
        lines += ["", ", ".join([*names, *(["…"] if sifted.count > len(names) else [])]) or _("Nobody fits.")]
    narrow = [button(_("🏷 Tags"), SiftTags(id=here)), button(_("⏳ Queue"), SiftQueue(id=here))]
    narrow += [button(_("📊 Stage"), SiftStage(id=here))] if sifted.stages else []
    narrow += [button(_("🗂 Fields"), SiftField(id=here))] if sifted.fields else []
    way_back = back(KeptSearch(id=here)) if sifted.name else back(ContactList())
    rows = [*spread(narrow, ABREAST), _onward(desk, sifted), _as_a_whole(sifted), [*way_back, *back()]]
    await show(event, Screen(fit(lines), rows))


def _onward(desk: Desk, sifted: Sifted) -> list[InlineKeyboardButton]:
    """What can be done with those who fit."""
    if not sifted.count:
        return []
    ways = [button(_("👥 Show them"), SiftList(id=sifted.id))]
    if desk.may(Power.WRITE) and not sifted.sieve.empty:
        ways.append(button(_("✏️ Change all"), ChangeMany(id=sifted.id)))
    if desk.may(Power.EXPORT):
        ways.append(button(_("⬇ Take along"), ContactsOut(sift=sifted.id)))
    return ways


def _as_a_whole(sifted: Sifted) -> list[InlineKeyboardButton]:
    """What can be done with the filter."""
    ways = [button(_("Leave it out"), MendSift(id=sifted.id))] if sifted.impossible else []
    if not sifted.sieve.empty:
        ways += [] if sifted.name else [button(_("⭐ Keep"), KeepSearch(id=sifted.id))]
        ways.append(button(_("✖️ Begin anew"), SiftCard()))
    return ways


async def mend(query: CallbackQuery, callback_data: MendSift, desk: Desk) -> None:
    """The same without what is deleted."""
    await _draw(query, desk, await sifts.look(desk, await sifts.mend(desk, callback_data.id)))


async def show_list(query: CallbackQuery, callback_data: SiftList, desk: Desk) -> None:
    """Whom the filter leaves, the last to write first."""
    here = callback_data.id
    page = await sifts.listing(desk, here, page=callback_data.page)
    sifted = await sifts.look(desk, here)
    head = ngettext("<b>{count} contact</b>", "<b>{count} contacts</b>", page.count).format(count=number(page.count))
    lines = [f"⭐ <b>{safe(sifted.name)}</b>"] if sifted.name else []
    lines.append(head if page.count else deleted() if sifted.impossible else _("Nobody fits."))
    way = {"page": page.number, "of": here, "queue": SIFT}
    rows = [
        [
            button(
                ("⏳ " if one.waiting_since else "") + label(one.contact.name),
                ContactCard(id=one.contact.id or 0, **way),
            )
        ]
        for one in page.items
    ]
    turn = pages(page.number, page.last, lambda to: SiftList(id=here, page=to))
    ways = [*back(SiftCard(id=here)), *back()]
    if sifted.name:
        ways = [button(_("🎚 Filter"), SiftCard(id=here)), button(_("⏳ Who waits"), QueueList()), *back()]
    await show(query, Screen("\n".join(lines), [*rows, turn, ways]))


async def show_tags(query: CallbackQuery, callback_data: SiftTags, desk: Desk) -> None:
    """Every tag; a press wants it, another shuts it out, a third lets it be."""
    at = callback_data
    here = await sifts.by_tag(desk, at.id, at.tag) if at.tag else at.id
    sieve, page = (await sifts.look(desk, here)).sieve, await tags.listing(desk, page=at.page)
    rows = []
    for tag, _uses in page.items:
        mark = WANTED if tag.id in sieve.tags else UNWANTED if tag.id in sieve.without else NO_MATTER
        to = SiftTags(id=here, tag=tag.id or 0, page=page.number)
        rows.append([button(f"{mark}{tag.colour} {label(tag.name)}", to)])
    turn = pages(page.number, page.last, lambda to: SiftTags(id=here, page=to))
    text = _("✅ has it, 🚫 has it not. Press a tag to change that.")
    if not page.count:
        text = _("There are no tags yet.")
    await show(query, Screen(text, [*rows, turn, back(SiftCard(id=here))]))


async def show_stages(query: CallbackQuery, callback_data: SiftStage, desk: Desk) -> None:
    """Which stage they stand in; then the filter."""
    at = callback_data
    if at.stage >= -1:
        here = await sifts.by_stage(desk, at.id, at.stage if at.stage >= 0 else None)
        await _draw(query, desk, await sifts.look(desk, here))
        return
    stages = (await sifts.look(desk, at.id)).stages
    choice = [(label(one.name), one.id or 0) for one in stages]
    choice += [(_("In no stage"), 0), (_("No matter"), -1)]
    rows = [[button(name, SiftStage(id=at.id, stage=to))] for name, to in choice]
    await show(query, Screen(_("In which stage?"), [*rows, back(SiftCard(id=at.id))]))


async def show_queues(query: CallbackQuery, callback_data: SiftQueue, desk: Desk) -> None:
    """Which queue one of their conversations stands in; then the filter."""
    at = callback_data
    if at.queue != "?":
        here = await sifts.by_queue(desk, at.id, Queue(at.queue) if at.queue else None)
        await _draw(query, desk, await sifts.look(desk, here))
        return
    await sifts.look(desk, at.id)
    choice = [button(queue_name(queue), SiftQueue(id=at.id, queue=queue)) for queue in Queue]
    rows = [*spread(choice, ABREAST), [button(_("No matter"), SiftQueue(id=at.id, queue=""))]]
    await show(query, Screen(_("In which queue?"), [*rows, back(SiftCard(id=at.id))]))


async def show_fields(query: CallbackQuery, callback_data: SiftField, desk: Desk) -> None:
    """Which field, then what it says; then the filter."""
    at = callback_data
    if at.field and at.choice >= -1:
        here = await sifts.by_field(desk, at.id, at.field, at.choice if at.choice >= 0 else None)
        await _draw(query, desk, await sifts.look(desk, here))
        return
    sifted = await sifts.look(desk, at.id)
    field = next((one for one in sifted.fields if one.id == at.field), None)
    if at.field and field is None:
        raise NotFound("field")
    if field is None:
        rows = [[button(label(one.name), SiftField(id=at.id, field=one.id or 0))] for one in sifted.fields]
        await show(query, Screen(_("By which field?"), [*rows, back(SiftCard(id=at.id))]))
        return
    text = f"<b>{safe(field.name)}</b>"
    await show(query, Screen(text, [*_values(at, field), back(SiftField(id=at.id))]))


def _values(at: SiftField, field: CustomField) -> list[list[InlineKeyboardButton]]:
    choice = [(label(one), place) for place, one in enumerate(field.choices)]
    if field.kind == Kind.YES_NO:
        choice = [(_("Yes"), 1), (_("No"), 0)]
    elif field.kind != Kind.CHOICE:
        choice = [(_("Filled in"), 0)]
    choice.append((_("No matter"), -1))
    return [[button(name, SiftField(id=at.id, field=at.field, choice=place))] for name, place in choice]
