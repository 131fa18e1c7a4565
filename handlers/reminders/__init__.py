"""Promises: the lists, each one's card, and what is done about it."""

from __future__ import annotations

from datetime import UTC, datetime

from aiogram import Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import queues, reminders
from crm.access import Desk, Power
from crm.reminders import Listed
from handlers.buttons.contacts import ContactCard
from handlers.buttons.reminders import (
    AskReminder,
    DeleteReminder,
    FinishReminder,
    GiveReminder,
    ReminderCard,
    ReminderList,
    ReopenReminder,
    RestoreReminder,
)
from handlers.language import _, clock, date, day, ngettext, number
from handlers.reminders import asking
from handlers.reminders.asking import LAST
from handlers.reminders.screen import card, head, origin
from handlers.screens import Screen, back, button, label, pages, show
from storage.contacts import Contact
from storage.reminders import Reminder, Which

BESIDE_A_DAY = 32  # characters that leave room for a day on a button
ABREAST = 2  # lists in one row of buttons


def routes() -> Router:
    """Everything around reminders."""
    router = Router(name="reminders")
    router.callback_query.register(show_list, ReminderList.filter())
    router.callback_query.register(show_card, ReminderCard.filter())
    router.callback_query.register(finish, FinishReminder.filter())
    router.callback_query.register(reopen, ReopenReminder.filter())
    router.callback_query.register(delete, DeleteReminder.filter())
    router.callback_query.register(restore, RestoreReminder.filter())
    router.callback_query.register(give, GiveReminder.filter())
    router.message.register(show_list, Command("reminders"))
    asking.listen(router)
    return router


async def show_list(event: CallbackQuery | Message, desk: Desk, callback_data: ReminderList | None = None) -> None:
    """One list, and the ways to the others."""
    at = callback_data or ReminderList()
    asked = Which(at.which) if at.which in list(Which) else None
    contact_id = at.contact or None
    listed = await reminders.listing(desk, asked, mine=not at.everybody, contact_id=contact_id, page=at.page)
    now = desk.installation.clock.now()
    rows = [[_entry(*pair, now=now)] for pair in listed.page.items]
    here = at.model_copy(update={"which": listed.which, "page": 0})
    turn = pages(listed.page.number, listed.page.last, lambda page: here.model_copy(update={"page": page}))
    lines = [_head(listed)]
    if contact_id is not None:
        lines += ["", *origin(await reminders.about(desk, contact_id=contact_id))]
    await show(event, Screen("\n".join(lines), [*rows, turn, *_lists(listed, here), *_ways(desk, here)]))


def _head(listed: Listed) -> str:
    count = listed.page.count
    if not count:
        return {
            Which.OVERDUE: _("<b>Nothing is overdue</b>\n\nWhat was due and is not done stands here."),
            Which.TODAY: _("<b>Nothing more today</b>\n\nWhat is still due today stands here."),
            Which.COMING: _(
                "<b>No reminders</b>\n\nOn a contact's card, under a message or a note, press ⏰ and write what you "
                "promised, and when: I tell you at that time."
            ),
            Which.DONE: _("<b>Nothing is done yet</b>\n\nPromises that were kept stand here."),
        }[listed.which]
    return {
        Which.OVERDUE: ngettext("<b>{count} is overdue</b>", "<b>{count} are overdue</b>", count),
        Which.TODAY: ngettext("<b>{count} today</b>", "<b>{count} today</b>", count),
        Which.COMING: ngettext("<b>{count} to come</b>", "<b>{count} to come</b>", count),
        Which.DONE: ngettext("<b>{count} done</b>", "<b>{count} done</b>", count),
    }[listed.which].format(count=number(count))


def _entry(reminder: Reminder, contact: Contact, *, now: datetime) -> InlineKeyboardButton:
    moment = reminder.done_at or reminder.due_at or now
    at = clock(moment) if day(moment) == day(now) else date(moment)
    sign = "✅" if reminder.done_at else "🔴" if moment <= now else "🔁" if reminder.repeats else "⏰"
    said = f"{contact.name}: {reminder.text}" if reminder.text else contact.name
    return button(f"{sign} {at} · {label(said, BESIDE_A_DAY)}", ReminderCard(id=reminder.id or 0))


def _lists(listed: Listed, here: ReminderList) -> list[list[InlineKeyboardButton]]:
    names = {
        Which.OVERDUE: _("Overdue"),
        Which.TODAY: _("Today"),
        Which.COMING: _("To come"),
        Which.DONE: _("Done"),
    }
    buttons = [
        button(
            ("• " if which is listed.which else "") + name + (f" {number(n)}" if (n := listed.counts[which]) else ""),
            here.model_copy(update={"which": which}),
        )
        for which, name in names.items()
    ]
    return [buttons[at : at + ABREAST] for at in range(0, len(buttons), ABREAST)]


def _ways(desk: Desk, here: ReminderList) -> list[list[InlineKeyboardButton]]:
    if here.contact:
        new = [button(_("⏰ Remind me"), AskReminder(contact=here.contact))] if desk.may(Power.WRITE) else []
        return [new, [*back(ContactCard(id=here.contact)), *back()]]
    whose = _("My reminders") if here.everybody else _("Everybody's reminders")
    return [[button(whose, here.model_copy(update={"everybody": not here.everybody}))], back()]


async def show_card(event: CallbackQuery, callback_data: ReminderCard, desk: Desk, state: FSMContext) -> None:
    """One promise; what was being asked about it is asked no more."""
    await state.clear()
    await _draw(event, desk, callback_data.id)


async def _draw(event: CallbackQuery, desk: Desk, reminder_id: int) -> None:
    await show(event, card(desk, await reminders.one(desk, reminder_id)))


async def finish(query: CallbackQuery, callback_data: FinishReminder, desk: Desk) -> None:
    """Kept, with a way back."""
    before = await reminders.one(desk, callback_data.id)
    await reminders.finish(desk, callback_data.id)
    promise = await reminders.one(desk, callback_data.id)
    said = [_("✅ Done for this time.")] if promise.repetition else []
    await show(query, card(desk, promise, said, undo=before.reminder.due_at if promise.repetition else None))


async def reopen(query: CallbackQuery, callback_data: ReopenReminder, desk: Desk) -> None:
    """The way back."""
    at = min(max(0, callback_data.at), LAST)
    await reminders.reopen(desk, callback_data.id, datetime.fromtimestamp(at, UTC))
    await _draw(query, desk, callback_data.id)


async def delete(query: CallbackQuery, callback_data: DeleteReminder, desk: Desk) -> None:
    """At once, with a way back instead of a question."""
    await reminders.delete(desk, callback_data.id)
    await _draw(query, desk, callback_data.id)


async def restore(query: CallbackQuery, callback_data: RestoreReminder, desk: Desk) -> None:
    """The way back."""
    await reminders.bring_back(desk, callback_data.id)
    await _draw(query, desk, callback_data.id)


async def give(query: CallbackQuery, callback_data: GiveReminder, desk: Desk) -> None:
    """Who is told; then it is his."""
    desk.need(Power.WRITE)
    if callback_data.to > 0:
        await reminders.give(desk, callback_data.id, callback_data.to)
        await _draw(query, desk, callback_data.id)
        return
    promise = await reminders.one(desk, callback_data.id)
    team = await queues.answerers(desk, page=callback_data.page)
    chosen = promise.reminder.person_id
    rows = [
        [button(("✓ " if one.id == chosen else "") + label(one.name), GiveReminder(id=callback_data.id, to=one.id))]
        for one in team.items
    ]
    turn = pages(team.number, team.last, lambda page: GiveReminder(id=callback_data.id, page=page))
    text = "\n".join([*head(promise), "", _("Who is to be told of it?")])
    await show(query, Screen(text, [*rows, turn, back(ReminderCard(id=callback_data.id))]))
