"""One contact's card: who it is, what was noted, what was said last, and the ways onward."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime

from aiogram.exceptions import TelegramBadRequest
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import accounts, contacts, queues
from crm.access import Desk, Power
from crm.contacts import Card, Thread
from crm.phones import Seen
from crm.ports import Devices
from crm.tags import On
from handlers.buttons.aside import AsideList, MoreCard
from handlers.buttons.contacts import ContactCard, ContactList
from handlers.buttons.fields import FieldSheet
from handlers.buttons.groups import GROUPS, GroupCard
from handlers.buttons.history import History
from handlers.buttons.identities import AskIdentity
from handlers.buttons.notes import NoteList, WriteNote
from handlers.buttons.phones import PhoneList, PutPhone
from handlers.buttons.queues import QueueList, StandingCard
from handlers.buttons.reminders import AskReminder, ReminderList
from handlers.buttons.replies import ReplyCard, WriteReply
from handlers.buttons.search import AskSearch, SearchPage
from handlers.buttons.sifts import SIFT, SiftList
from handlers.buttons.stages import STAGE, StageChoice, StageList
from handlers.buttons.tags import TagChoice
from handlers.language import _, clock, date, day, language_name, ngettext, number
from handlers.screens import Screen, back, button, fit, label, safe, shorten, show
from handlers.screens.completeness import line as known
from handlers.screens.marks import read_line
from handlers.screens.messages import amount, beside, brief, chat_link, link, named, side, tag_line
from handlers.screens.standing import SIGNS, status_name, where
from handlers.screens.values import value_text
from storage import outbox
from storage.accounts import Account
from storage.contacts import Aside, Contact
from storage.messages import Message as Mirrored
from storage.reminders import Reminder
from storage.replies import Reply

BESIDE_A_DAY = 24  # characters of a name that leave room for a day on a button
TAGS_ON_THREAD = 4
UNSENT_ON_CARD = 3
REMINDERS_ON_CARD = 3
PHONES_ON_CARD = 4
FIELDS_ON_CARD, VALUE = 8, 80
NAME, WRITER = 128, 24  # characters of a name on a card, and of who wrote in a group


async def show_card(event: CallbackQuery | Message, desk: Desk, callback_data: ContactCard, devices: Devices) -> None:
    """One person: who it is, what was noted, what was said last, and the ways onward."""
    card = await contacts.card(desk, callback_data.id)
    live = {one.account.id for one in await accounts.overview(desk, devices) if one.live}
    text = fit(_card_lines(card, desk.installation.clock.now(), live))
    locked = any(message.protected for message in card.messages)
    try:
        await show(event, Screen(text, _card_ways(desk, card, callback_data, by_link=True), protected=locked))
    except TelegramBadRequest as refusal:
        if "BUTTON_USER" not in refusal.message:
            raise
        # Telegram lets no bot link to this person: he has no username and does not allow it.
        await show(event, Screen(text, _card_ways(desk, card, callback_data, by_link=False), protected=locked))


def _card_lines(card: Card, now: datetime, live: Container[int]) -> list[str]:
    contact = card.contact
    lines = [f"<b>{named(contact, NAME)}</b>" + (" 🤖" if contact.is_bot else "")]
    lines += [_aside(Aside(contact.aside))] if contact.aside else []
    known = [f"@{safe(contact.username)}"] if contact.username else []
    known += [f"<code>{safe(phone)}</code>" for phone in card.phones[:PHONES_ON_CARD]]
    known += [safe(language_name(contact.language))] if contact.language else []
    lines += [" · ".join(known)] if known else []
    lines += [f"📊 {safe(card.stage.name)}"] if card.stage else []
    lines += [tag_line(card.tags)] if card.tags else []
    lines += _field_lines(card)
    lines += [_("Known since {day}.").format(day=day(card.known_since)), ""]
    lines += [_thread_line(thread, live=thread.account.id in live) for thread in card.threads]
    lines += ["", *(_reminder_line(one, now) for one in card.reminders[:REMINDERS_ON_CARD])] if card.reminders else []
    lines += ["", *(_note_line(card, place) for place in range(len(card.notes)))] if card.notes else []
    lines += ["", _("<b>Last messages</b>")] if card.messages else []
    lines += [
        f"{side(one)} {_wrote(card, one)}{beside(one.sent_at, now)}{' 🗑' if one.deleted_at else ''}: {brief(one)}"
        for one in reversed(card.messages)
    ]
    return lines


def _aside(how: Aside) -> str:
    return {
        Aside.ARCHIVED: _("🗄 Archived"),
        Aside.BLOCKED: _("🚫 Blocked from the desk: never waits, nobody is told"),
        Aside.OTHER: _("🙅 Not a client: never waits, nobody is told"),
    }[how]


def _field_lines(card: Card) -> list[str]:
    """What stands in fields, as much as leaves room for the rest."""
    filled = [(field, value) for field, value in card.fields if value is not None]
    lines = [
        f"{safe(shorten(field.name, WRITER))}: {safe(shorten(value_text(field, value), VALUE))}"
        for field, value in filled[:FIELDS_ON_CARD]
    ]
    more = len(filled) - FIELDS_ON_CARD
    return [*lines, *([f"+{number(more)}"] if more > 0 else [])]


def _wrote(card: Card, message: Mirrored) -> str:
    """Who it was, in a group."""
    name = None if message.outgoing else card.senders.get(message.sender_id)
    return f"{safe(shorten(name, WRITER))}, " if name else ""


def _reminder_line(reminder: Reminder, now: datetime) -> str:
    due = reminder.due_at or now
    sign = "🔴" if due <= now else "🔁" if reminder.repeats else "⏰"
    words = safe(shorten(" ".join(reminder.text.split()), 200)) if reminder.text else ""
    return f"{sign} <b>{date(due)}, {clock(due)}</b> {words}".rstrip()


def _note_line(card: Card, place: int) -> str:
    note = card.notes[place]
    return f"{'📌' if note.pinned_at else '📝'} {safe(shorten(' '.join(note.text.split()), 200))}"


def _thread_line(thread: Thread, *, live: bool) -> str:
    conversation = thread.conversation
    count = ngettext("{count} message", "{count} messages", conversation.message_count)
    sign = "🔒" if conversation.protected else "💬"
    line = f"{sign} {safe(account_name(thread.account))}: {count.format(count=number(conversation.message_count))}"
    if (stands := where(conversation)) is not None:
        line += f" · {stands}"
    line += "\n" + known(conversation, thread.coverage, live=live)
    line += f"\n{read}" if (read := read_line(thread.read)) else ""
    return f"{line}\n    {tag_line(thread.tags, TAGS_ON_THREAD)}" if thread.tags else line


def _standing(thread: Thread) -> InlineKeyboardButton:
    stands = queues.status(thread.conversation)
    return button(f"{SIGNS[stands]} {status_name(stands)}", StandingCard(id=thread.conversation.id or 0))


def account_name(account: Account) -> str:
    """An account as its owner calls it."""
    return " ".join(part for part in (account.first_name, account.last_name) if part) or f"#{account.id}"


def _card_ways(desk: Desk, card: Card, at: ContactCard, *, by_link: bool) -> list[list[InlineKeyboardButton]]:
    contact_id, one, writes = card.contact.id or 0, len(card.threads) == 1, desk.may(Power.WRITE)
    answers = writes and not card.contact.is_group
    rows = []
    for thread in card.threads:
        here = thread.conversation.id or 0
        name = _("💬 Conversation") if one else f"💬 {label(account_name(thread.account))}"
        written = [button(_("✍️ Write"), WriteReply(id=here))] if answers else []
        rows += [[button(name, History(id=here))], [*written, *([] if card.contact.is_group else [_standing(thread)])]]
    if writes:
        rows += [[_unsent(*pair)] for pair in card.replies[:UNSENT_ON_CARD]]
    if not card.contact.is_group:
        rows.append(_own(desk, card))
    rows.append(
        [
            button(_("🏷 Tags") + amount(len(card.tags)), TagChoice(on=On.CONTACT, id=contact_id)),
            button(_("📝 Notes") + amount(card.note_count), NoteList(contact=contact_id)),
        ]
    )
    if writes:
        new = [button(_("✏️ Write a note"), WriteNote(contact=contact_id))]
        rows.append([*new, button(_("⏰ Remind me"), AskReminder(contact=contact_id))])
    if card.reminders:
        rows.append([button(_("⏰ Reminders") + amount(len(card.reminders)), ReminderList(contact=contact_id))])
    rows += _seen_phones(contact_id, card.seen)
    more = [button(_("⋯ More"), MoreCard(id=contact_id))] if answers else []
    if card.contact.hidden and writes:
        rows.append([button(_("👁 Who is this?"), AskIdentity(id=contact_id))])
    rows.append([button(_("🔎 Search"), AskSearch(contact=contact_id)), *more])
    reachable = card.contact.at_telegram and not card.contact.is_group
    chat = chat_link(card.contact)
    if by_link and chat and (card.contact.username or reachable):
        rows.append([link(_("Open chat in Telegram"), chat)])
    return [*rows, [*back(_way_back(at, card.contact)), *back()]]


def _seen_phones(contact_id: int, seen: Sequence[Seen]) -> list[list[InlineKeyboardButton]]:
    """The newest at one press, the others behind another."""
    if not seen:
        return []
    newest = PutPhone(id=contact_id, message=seen[0].message, place=seen[0].place)
    rows = [[button(_("📞 {phone} on the card").format(phone=seen[0].phone), newest)]]
    if len(seen) > 1:
        rows.append([button(_("📞 Phones seen in messages") + amount(len(seen)), PhoneList(id=contact_id))])
    return rows


def _own(desk: Desk, card: Card) -> list[InlineKeyboardButton]:
    """What the workspace itself has made: its stages and fields."""
    contact_id = card.contact.id or 0
    stage = label(card.stage.name, BESIDE_A_DAY) if card.stage else _("Stage")
    own = [button(f"📊 {stage}", StageChoice(id=contact_id))]
    if card.fields or desk.may(Power.MANAGE):
        filled = sum(value is not None for _field, value in card.fields)
        own.append(button(_("🗂 Fields") + amount(filled), FieldSheet(contact=contact_id)))
    return own


def _unsent(reply: Reply, state: str | None) -> InlineKeyboardButton:
    signs = {outbox.DUE: "⏳", outbox.SENDING: "⏳", outbox.UNCERTAIN: "❓", outbox.REFUSED: "🔴"}
    words = _("{sign} Not sent: {text}").format(sign=signs.get(state or "", "📝"), text=label(reply.text, BESIDE_A_DAY))
    return button(words, ReplyCard(id=reply.id or 0))


def _way_back(at: ContactCard, contact: Contact) -> CallbackData:
    if at.search:
        return SearchPage(id=at.search)
    lists: dict[str, CallbackData] = {
        "": ContactList(page=at.page, tag=at.of, by_name=at.by_name),
        SIFT: SiftList(id=at.of, page=at.page),
        STAGE: StageList(id=at.of, page=at.page),
        GROUPS: GroupCard(id=at.of, peer=contact.telegram_id),
        **{how: AsideList(how=how, page=at.page) for how in Aside},
    }
    return lists.get(at.queue) or QueueList(queue=at.queue, page=at.page)
