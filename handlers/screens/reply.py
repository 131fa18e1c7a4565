"""An answer as it stands: its words, by which way it goes or went, and what can be done about it."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton

from crm.replies import Standing
from crm.replies.ways import Way
from handlers.buttons.history import History
from handlers.buttons.replies import (
    DropReply,
    EditReply,
    KeepReply,
    PutOffReply,
    ReplyArrived,
    ReplyCard,
    SendReply,
)
from handlers.buttons.saved_replies import NewSaved
from handlers.language import _, when
from handlers.screens import Screen, back, button, copying, pages, safe, shorten
from handlers.screens.answers import fate
from handlers.screens.formatted import Formatted
from handlers.screens.messages import brief, chat_link, file_line, link, side
from storage import outbox

PART = 2800  # units of a long answer on one screen
COPIED = 256  # characters that a button can put into the clipboard
NAME = 64


def screen(one: Standing, part: int = 0) -> Screen:
    """The answer itself, what becomes or became of it, and what can be done about it."""
    by_hand = _by_hand_now(one)
    parts = Formatted(one.words.text, [] if by_hand else one.words.entities).parts(PART)
    part = min(max(0, part), len(parts) - 1)
    text = f"<code>{parts[part].html}</code>\n" if by_hand else f"{parts[part].html}\n"  # a tap copies code
    lines = [*head(one), "", *([file_line(one.file)] if one.file is not None else []), text]
    if one.reply.leaves_at is not None:
        lines.append(_("🕘 <b>Leaves by itself</b> {when}.").format(when=when(one.reply.leaves_at)))
        if one.reply.overtaken_at is not None:
            lines.append(_("The client has written since. Does it still fit?"))
    lines += fate(one)
    here = one.reply.id or 0
    turn = pages(part, len(parts) - 1, lambda to: ReplyCard(id=here, part=to))
    return Screen("\n".join(lines), [turn, *_ways(one), back(History(id=one.conversation.id or 0))])


def head(one: Standing) -> list[str]:
    words = _("<b>To {contact}</b>, from {account}")
    lines = [words.format(contact=name(one), account=safe(shorten(one.account.name, NAME)))]
    if one.answered is not None and not one.answered.protected:  # that would lock the screen, and what is to be copied
        lines.append(f"↩️ {side(one.answered)} <i>{brief(one.answered)}</i>")
    return lines


def name(one: Standing) -> str:
    return safe(shorten(one.contact.name, NAME))


def _ways(one: Standing) -> list[list[InlineKeyboardButton]]:
    here = one.reply.id or 0
    again = SendReply(id=here, asked=one.reply.asked)
    change = button(_("✏️ Change"), EditReply(id=here))
    away = button(_("🗑 Throw away"), DropReply(id=here))
    look = button(_("Look again"), ReplyCard(id=here))
    match one.state:
        case None if one.reply.leaves_at is not None:
            other = [button(_("🕘 Another time"), PutOffReply(id=here)), change]
            ways = [[button(_("✋ Keep it back"), KeepReply(id=here))], other, [button(_("📤 Send now"), again)]]
        case None if one.choice.way is Way.COPY:
            ways = [*_by_hand(one), [look, change, away]]
        case None:
            label = _("📝 Put it as a draft") if one.choice.way is Way.DRAFT else _("📤 Send")
            save = [button(_("📌 Save"), NewSaved(reply=here))] if one.words.text else []
            later = button(_("🕘 Send later"), PutOffReply(id=here))
            ways = [[button(label, again), later], [change, *save], [away]]
        case outbox.DUE | outbox.SENDING:
            ways = [[look, button(_("✋ Keep it back"), KeepReply(id=here))]]
        case outbox.SENT:
            ways = _by_hand(one)[-1:] if one.reply.way == Way.DRAFT else []
        case outbox.UNCERTAIN:
            ways = [
                [button(_("✅ It arrived"), ReplyArrived(id=here)), button(_("📤 Send again"), again)],
                *_by_hand(one),
                [away],
            ]
        case _:
            ways = [[button(_("📤 Send again"), again)], *_by_hand(one), [change, away]]
    return ways


def _by_hand_now(one: Standing) -> bool:
    """Whether somebody may want to copy the text and send it himself."""
    return one.state in {outbox.UNCERTAIN, outbox.REFUSED} or (one.state is None and one.choice.way is Way.COPY)


def _by_hand(one: Standing) -> list[list[InlineKeyboardButton]]:
    """The text to copy, where a button holds it, and the way to the chat."""
    rows = [[copying(_("📋 Copy the text"), one.words.text)]] if 0 < len(one.words.text) <= COPIED else []
    chat = _chat(one)
    return [*rows, [link(_("Open chat in Telegram"), chat)]] if chat else rows


def _chat(one: Standing) -> str | None:
    """Where Telegram opens the chat; a link by number alone is refused for people who hide behind their privacy."""
    known = one.contact.username is not None or one.contact.hidden
    return chat_link(one.contact) if known else f"tg://openmessage?user_id={one.contact.telegram_id}"
