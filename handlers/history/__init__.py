"""Reading a conversation: page by page, by its days, and one message whole with every text that it had."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.types import CallbackQuery, InlineKeyboardButton
from babel.dates import format_date

from crm import history, replies, search
from crm.access import Desk, Power
from crm.errors import NotFound
from crm.history import Stretch, Talk, Whole
from crm.tags import On
from handlers.buttons.contacts import ContactCard
from handlers.buttons.export import ContactFile
from handlers.buttons.history import Calendar, History, MessageCard
from handlers.buttons.media import SendFile
from handlers.buttons.reminders import AskReminder
from handlers.buttons.replies import WriteReply
from handlers.buttons.search import AskSearch, SearchPage
from handlers.buttons.tags import TagChoice
from handlers.history.page import Page, fitted, sign
from handlers.language import _, current, number, when
from handlers.screens import Screen, back, button, pages, safe, shorten, show, spread
from handlers.screens.formatted import Formatted, visible
from handlers.screens.kept import state_line
from handlers.screens.kinds import icon
from handlers.screens.marks import reactions_line, read_line, tick
from handlers.screens.messages import (
    brief,
    brief_words,
    chat_link,
    file_line,
    link,
    message_link,
    named,
    side,
    tag_line,
)
from handlers.screens.told import details, facts_line
from storage.messages import ReadUntil

PART = 3000  # units of a long text that stand on one screen
FIRST = -1  # `after` of the button to a conversation's beginning
LAST = 2**31  # no message has a higher id; a forged button may
IN_A_ROW = 5
TAGS_SHOWN = 6
NAME = 64
QUOTE = 300  # units of a quoted part
MONTHS_IN_A_ROW = 4


def routes() -> Router:
    """Ways through a conversation."""
    router = Router(name="history")
    router.callback_query.register(show_history, History.filter())
    router.callback_query.register(show_message, MessageCard.filter())
    router.callback_query.register(show_days, Calendar.filter(F.month))
    router.callback_query.register(show_months, Calendar.filter())
    return router


async def show_history(event: CallbackQuery, callback_data: History, desk: Desk) -> None:
    """One page of a conversation: the newest, older or newer ones, or those around a message."""
    at = callback_data
    if at.focus:
        stretch = await history.around(desk, at.id, at.focus)
    elif at.after:
        after = {} if at.after == FIRST else {"number": min(at.after, LAST) + 1}
        stretch = await history.starting(desk, at.id, **after)
    else:
        stretch = await history.ending(desk, at.id, at.before or None)
    head = _head(stretch.talk)
    page = fitted(stretch, room=visible(head), focus=at.focus, from_start=bool(at.after))
    locked = any(one.protected for line in page.lines for one in (line.message, line.answered) if one)
    ways = _ways(stretch, page, at.search)
    if at.search and at.focus:
        ways.insert(-3, await _other_hits(desk, at))
    if desk.may(Power.WRITE) and not stretch.talk.contact.is_group:
        ways.insert(-2, [button(_("✍️ Write"), WriteReply(id=at.id))])
    if desk.may(Power.EXPORT):
        ways.insert(-2, [button(_("⬇ The whole file…"), ContactFile(thread=at.id))])
    await show(event, Screen(f"{head}\n{page.text}", ways, protected=locked))


async def _other_hits(desk: Desk, at: History) -> list[InlineKeyboardButton]:
    """The ways to what else the same search found in this conversation."""
    try:
        older, newer = await search.beside(desk, at.search, at.id, at.focus)
    except NotFound:  # the search is too old
        return []
    ways = {_("‹ Hit before"): older, _("Next hit ›"): newer}
    return [button(words, History(id=at.id, focus=to, search=at.search)) for words, to in ways.items() if to]


def _head(talk: Talk) -> str:
    contact = named(talk.contact, NAME)
    lines = [_("<b>{contact}</b> with {account}").format(contact=contact, account=_account(talk))]
    lines += [tag_line(talk.tags, TAGS_SHOWN)] if talk.tags else []
    since = talk.conversation.waiting_since
    lines += [_("⏳ waits for an answer since {when}").format(when=when(since))] if since else []
    lines += [read_line(talk.read)] if talk.read != ReadUntil() else []
    if talk.conversation.protected:
        lines.append(_("🔒 Nothing of this chat may be forwarded or saved: it can be read here, its files stay there."))
    return "\n".join(lines)


def _account(talk: Talk) -> str:
    account = talk.account
    name = " ".join(part for part in (account.first_name, account.last_name) if part) or f"#{account.id}"
    return safe(shorten(name, NAME))


def _ways(stretch: Stretch, page: Page, found: int) -> list[list[InlineKeyboardButton]]:
    here, contact = stretch.talk.conversation.id or 0, stretch.talk.contact
    numbers = [
        button(sign(place), MessageCard(id=line.message.id or 0, search=found)) for place, line in enumerate(page.lines)
    ]
    carried = [
        button(f"⬇ {icon(line.media.kind)} {sign(place)}", SendFile(id=line.media.message))
        for place, line in enumerate(page.lines)
        if line.media is not None and not line.message.protected
    ]
    turn = []
    if page.older and page.lines:
        first = page.lines[0].message.message_id
        turn += [
            button(_("« First"), History(id=here, after=FIRST, search=found)),
            button(_("‹ Older"), History(id=here, before=first, search=found)),
        ]
    if page.newer and page.lines:
        last = page.lines[-1].message.message_id
        turn += [
            button(_("Newer ›"), History(id=here, after=last, search=found)),
            button(_("Last »"), History(id=here, search=found)),
        ]
    return [
        *spread(numbers, IN_A_ROW),
        *spread(carried, IN_A_ROW),
        turn,
        [
            button(_("📅 Date"), Calendar(id=here)),
            button(_("🔎 Search"), AskSearch(contact=contact.id or 0)),
            button(_("🏷 Tags"), TagChoice(on=On.CONVERSATION, id=here)),
        ],
        [button(_("‹ What was found"), SearchPage(id=found))] if found else [],
        back(ContactCard(id=contact.id or 0)),
    ]


async def show_message(event: CallbackQuery, callback_data: MessageCard, desk: Desk) -> None:
    """One message whole: each of its texts, in parts where it is long, what it carries, and where it stands."""
    whole = await history.whole(desk, callback_data.id)
    last = len(whole.earlier)
    chosen = callback_data.text if 0 <= callback_data.text < last else last
    parts = _text(whole, chosen).parts(PART)
    part = min(max(0, callback_data.part), len(parts) - 1)
    author = await replies.author(desk, callback_data.id) if whole.line.message.outgoing else None
    written = [_("✍️ written here by {member}").format(member=safe(shorten(author, NAME)))] if author else []
    lines = [*_facts(whole), *written, *_which_text(whole, chosen)]
    lines += [*(["", text] if (text := parts[part].html) else []), *_carried(whole)]
    turn = pages(part, len(parts) - 1, lambda to: callback_data.model_copy(update={"text": chosen, "part": to}))
    await show(
        event,
        Screen(
            "\n".join(lines),
            [turn, _other_texts(whole, chosen, callback_data), *_from_message(desk, whole, callback_data.search)],
            protected=whole.line.message.protected,
        ),
    )


def _carried(whole: Whole) -> list[str]:
    """What the message carries besides its text, whole, and what was put under it."""
    message, media = whole.line.message, whole.line.media
    lines = ["", file_line(media), *filter(None, [state_line(media)])] if media is not None else []
    if media is None and message.kind != "text":
        lines = ["", facts_line(message), *details(message)]
    put = reactions_line(message)
    return [*lines, *(["", put] if put else [])]


def _text(whole: Whole, chosen: int) -> Formatted:
    text = whole.earlier[chosen] if chosen < len(whole.earlier) else whole.line.message
    return Formatted(text.text, text.entities)


def _facts(whole: Whole) -> list[str]:
    message, talk = whole.line.message, whole.talk
    wrote = whole.line.name(message)
    name = _account(talk) if message.outgoing else safe(wrote) if wrote else safe(talk.contact.name)
    ticked = tick(message, talk.conversation)
    lines = [f"{side(message)} <b>{name}</b> · {when(message.sent_at)} {ticked}".rstrip()]
    if message.protected:
        lines.append(_("🔒 may be neither forwarded nor saved"))
    if message.deleted_at:
        lines.append(_("🗑 deleted in Telegram on {when}").format(when=when(message.deleted_at)))
    if whole.line.answered is not None:
        lines.append(_("↩️ answers: {quote}").format(quote=f"<i>{brief(whole.line.answered)}</i>"))
    if message.extra.get("quote"):
        lines.append(_("❝ quotes: {quote}").format(quote=f"<i>{brief_words(message.extra['quote'], QUOTE)}</i>"))
    forward = message.extra.get("forward")
    if forward:
        lines.append(_("➡️ forwarded from {name}").format(name=safe(shorten(str(forward.get("name", "")), 64))))
    return lines


def _which_text(whole: Whole, chosen: int) -> list[str]:
    if not whole.earlier:
        return []
    texts = [*(version.written_at for version in whole.earlier), whole.line.message.edited_at]
    written = texts[chosen] or whole.line.message.sent_at
    shown = _("✏️ Text {place} of {count}, written {when}")
    return [shown.format(place=number(chosen + 1), count=number(len(texts)), when=when(written))]


def _other_texts(whole: Whole, chosen: int, at: MessageCard) -> list[InlineKeyboardButton]:
    row = []
    if chosen > 0:
        row.append(button(_("‹ Earlier text"), at.model_copy(update={"text": chosen - 1, "part": 0})))
    if chosen < len(whole.earlier):
        row.append(button(_("Later text ›"), at.model_copy(update={"text": chosen + 1, "part": 0})))
    return row


def _from_message(desk: Desk, whole: Whole, found: int) -> list[list[InlineKeyboardButton]]:
    message, rows = whole.line.message, []
    if desk.may(Power.WRITE) and message.deleted_at is None and not whole.talk.contact.is_group:
        to_this = WriteReply(id=message.conversation_id, reply_to=message.message_id)
        rows.append([button(_("✍️ Answer this message"), to_this)])
    if desk.may(Power.WRITE):
        rows.append([button(_("⏰ Remind me"), AskReminder(message=message.id or 0))])
    if whole.line.media is not None and not message.protected:
        rows.append([button(_("⬇ Send me the file"), SendFile(id=message.id or 0))])
    if whole.line.answered is not None:
        rows.append([button(_("↩️ The answered message"), MessageCard(id=whole.line.answered.id or 0, search=found))])
    places = []
    if message.deleted_at is None:
        place = message_link(message)
        places += [link(_("Open in Telegram"), place)] if place else []
    chat = chat_link(whole.talk.contact)
    if whole.talk.contact.username and chat:
        places.append(link(_("Open the chat"), chat))
    return [*rows, places, back(History(id=message.conversation_id, focus=message.message_id, search=found))]


async def show_months(event: CallbackQuery, callback_data: Calendar, desk: Desk) -> None:
    """The months of a year in which there was talk."""
    talk = await history.talk(desk, callback_data.id)
    first, last = talk.conversation.first_message_at, talk.conversation.last_message_at
    if first is None or last is None:
        await show(event, Screen(_("Nothing was written here yet."), [back(History(id=callback_data.id))]))
        return
    zone = ZoneInfo(current().zone)
    begin, end = first.astimezone(zone), last.astimezone(zone)
    year = min(max(begin.year, callback_data.year or end.year), end.year)
    months = [
        button(_month(year, month, "LLL"), Calendar(id=callback_data.id, year=year, month=month))
        for month in range(1, 13)
        if (begin.year, begin.month) <= (year, month) <= (end.year, end.month)
    ]
    turn = pages(
        year - begin.year, end.year - begin.year, lambda to: Calendar(id=callback_data.id, year=begin.year + to)
    )
    text = _("<b>{contact}</b>\n\nWhich month of {year}?").format(contact=safe(talk.contact.name), year=year)
    await show(event, Screen(text, [*spread(months, MONTHS_IN_A_ROW), turn, back(History(id=callback_data.id))]))


async def show_days(event: CallbackQuery, callback_data: Calendar, desk: Desk) -> None:
    """The days of a month with what was written on each; a press leads to the first message of that day."""
    at, zone = callback_data, ZoneInfo(current().zone)
    if not (1 <= at.month <= 12 and 1970 <= at.year <= 9000):  # noqa: PLR2004  a forged button
        await show_months(event, Calendar(id=at.id), desk)
        return
    start = datetime(at.year, at.month, 1, tzinfo=zone)
    end = datetime(at.year + at.month // 12, at.month % 12 + 1, 1, tzinfo=zone)
    found = await history.moments(desk, at.id, start.astimezone(UTC), end.astimezone(UTC))
    counts: Counter[int] = Counter()
    firsts: dict[int, int] = {}
    for message_id, moment in found:
        local = moment.astimezone(zone).day
        counts[local] += 1
        firsts.setdefault(local, message_id)
    days = [
        button(f"{local} ({number(counts[local])})", History(id=at.id, focus=firsts[local])) for local in sorted(counts)
    ]
    question = _("Which day?") if days else _("Nothing was written in this month.")
    text = f"<b>{_month(at.year, at.month, 'LLLL y')}</b>\n\n{question}"
    await show(event, Screen(text, [*spread(days, IN_A_ROW), back(Calendar(id=at.id, year=at.year))]))


def _month(year: int, month: int, form: str) -> str:
    return format_date(date(year, month, 1), form, locale=current().language).capitalize()
