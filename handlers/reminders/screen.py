"""A promise as it is shown: asked about, kept in mind, told at its time, done, or deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aiogram.types import InlineKeyboardButton

from crm.access import Desk, Power
from crm.reminders import About, Promise
from crm.repeating import Repetition
from crm.ringing import Told
from handlers.buttons.contacts import ContactCard
from handlers.buttons.history import MessageCard
from handlers.buttons.notes import NoteCard
from handlers.buttons.reminders import (
    AgreeReminder,
    DeleteReminder,
    FinishReminder,
    GiveReminder,
    ReminderCard,
    ReminderList,
    ReopenReminder,
    RepeatReminder,
    RestoreReminder,
    RetimeReminder,
    RewordReminder,
    SnoozeReminder,
)
from handlers.language import _, when
from handlers.screens import Screen, back, button, safe, shorten
from handlers.screens.messages import brief, brief_words, named
from handlers.screens.moments import again, told
from storage.messages import Message

NAME, WORDS = 64, 3000
Rows = list[list[InlineKeyboardButton]]


def seconds(moment: datetime) -> int:
    """As buttons carry it."""
    return int(moment.timestamp())


def words(promise: Promise) -> str:
    """What was promised, as HTML."""
    text = promise.reminder.text
    return safe(shorten(text, WORDS)) if text else _("Get back to {name}").format(name=named(promise.about.contact))


def origin(about: About) -> list[str]:
    """Whom it is about, and what it came from."""
    lines = [f"👤 {named(about.contact, NAME)}"]
    lines += [_quoted(about.message)] if about.message is not None else []
    lines += [f"📝 <i>{brief_words(about.note.text)}</i>"] if about.note is not None else []
    return lines


def _quoted(message: Message) -> str:
    """The message that it came from; words of a protected one are shown on protected screens alone."""
    return f"💬 {_('🔒 may be neither forwarded nor saved') if message.protected else f'<i>{brief(message)}</i>'}"


def head(promise: Promise) -> list[str]:
    """What was promised, and to whom."""
    return [f"⏰ <b>{words(promise)}</b>", *origin(promise.about)]


def _whose(desk: Desk, promise: Promise) -> list[str]:
    row = promise.reminder
    names = {"person": safe(shorten(promise.person, NAME)), "author": safe(shorten(promise.author, NAME))}
    if row.person_id == desk.person.id:
        return [_("🔔 You are told. {author} wrote it.").format(**names)] if row.author_id != row.person_id else []
    return [_("🔔 {person} is told.").format(**names)]


def echo(desk: Desk, promise: Promise, at: datetime, repetition: Repetition | None) -> Screen:
    """What was understood, which counts once it was agreed to."""
    row, now = promise.reminder, desk.installation.clock.now()
    here = row.id or 0
    lines = [_("<b>Is this right?</b>"), "", *head(promise), f"📅 <b>{told(at, now)}</b>"]
    lines += [f"🔁 {again(repetition)}"] if repetition else []
    yes = AgreeReminder(id=here, at=seconds(at), repeats=str(repetition) if repetition else "")
    rows: Rows = [[button(_("✅ Yes, remind me"), yes)]]
    if row.agreed_at is not None:
        other = button(_("🕘 Another time"), RetimeReminder(id=here))
        return Screen("\n".join(lines), [*rows, [other], back(ReminderCard(id=here))])
    drop = button(_("🗑 Throw away"), DeleteReminder(id=here))
    lines += _whose(desk, promise)
    return Screen("\n".join(lines), [*rows, *_changes(promise, at), [*back(ContactCard(id=row.contact_id)), drop]])


def _changes(promise: Promise, at: datetime) -> Rows:
    here = promise.reminder.id or 0
    time = button(_("🕘 Another time"), RetimeReminder(id=here))
    again = button(_("🔁 Repeat"), RepeatReminder(id=here, at=seconds(at)))
    words = button(_("✏️ Other words"), RewordReminder(id=here))
    return [[time, words], [again, button(_("👤 Who is told"), GiveReminder(id=here))]]


def card(desk: Desk, promise: Promise, said: Sequence[str] = (), undo: datetime | None = None) -> Screen:
    """One promise and what can be done about it; `undo`: when it was due, where it was done just now."""
    row, now = promise.reminder, desk.installation.clock.now()
    if row.deleted_at is not None:
        return _deleted(desk, promise)
    if row.agreed_at is None and row.due_at is not None and desk.may(Power.WRITE):
        return echo(desk, promise, row.due_at, promise.repetition)
    lines = [*said, *([""] if said else []), *head(promise)]
    lines += [_state(promise, now)] if row.due_at is not None else []
    lines += [f"🔁 {again(promise.repetition)}"] if promise.repetition else []
    lines += _whose(desk, promise)
    return Screen("\n".join(lines), [*(_acts(promise, undo) if desk.may(Power.WRITE) else []), *_onward(promise)])


def _state(promise: Promise, now: datetime) -> str:
    row = promise.reminder
    if row.done_at is not None:
        return _("✅ done {when}").format(when=when(row.done_at))
    due = told(row.due_at or now, now)
    return _("🔴 <b>overdue</b> since {when}").format(when=due) if (row.due_at or now) <= now else f"📅 <b>{due}</b>"


def _acts(promise: Promise, undo: datetime | None) -> Rows:
    row = promise.reminder
    here, due = row.id or 0, row.due_at
    if due is None:
        return [[button(_("🕘 Say when"), RetimeReminder(id=here))]]
    if row.done_at is not None:
        return [[button(_("↩️ Not done yet"), ReopenReminder(id=here, at=seconds(due)))]]
    again = [button(_("↩️ Not done yet"), ReopenReminder(id=here, at=seconds(undo)))] if undo is not None else []
    first = [button(_("✅ Done"), FinishReminder(id=here)), button(_("💤 Later"), SnoozeReminder(id=here))]
    return [again, first, *_changes(promise, due), [button(_("🗑 Delete"), DeleteReminder(id=here))]]


def _onward(promise: Promise) -> Rows:
    about = promise.about
    ways = [button(_("👤 Card"), ContactCard(id=about.contact.id or 0))]
    ways += [button(_("💬 Message"), MessageCard(id=about.message.id or 0))] if about.message is not None else []
    ways += [button(_("📝 Note"), NoteCard(id=about.note.id or 0))] if about.note is not None else []
    return [ways, [button(_("⏰ Reminders"), ReminderList()), *back()]]


def _deleted(desk: Desk, promise: Promise) -> Screen:
    row = promise.reminder
    text = _("🗑 Deleted: {words}").format(words=f"<b>{words(promise)}</b>")
    undo = [button(_("↩️ Bring it back"), RestoreReminder(id=row.id or 0))] if desk.may(Power.WRITE) else []
    return Screen(text, [undo, back(ContactCard(id=row.contact_id))])


def notice(one: Told, now: datetime, *, late: bool) -> Screen:
    """What is told when its time has come."""
    promise, row = one.promise, one.promise.reminder
    due = row.due_at or now
    lines = [*head(promise)]
    lines += [_("🔴 due since {when}; I could not tell you earlier").format(when=told(due, now))] if late else []
    lines += [f"🔁 {again(promise.repetition)}"] if promise.repetition else []
    if one.in_place:
        lines.append(_("It was for {person}, who is not on the team any more.").format(person=safe(promise.person)))
    here = row.id or 0
    rows = [
        [button(_("✅ Done"), FinishReminder(id=here)), button(_("💤 Later"), SnoozeReminder(id=here))],
        *_onward(promise),
    ]
    return Screen("\n".join(lines), rows)
