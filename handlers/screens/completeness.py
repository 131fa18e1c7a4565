"""The words for what is known of a conversation and what is not."""

from __future__ import annotations

from datetime import datetime

from crm.completeness import Coverage, Extent, Heard
from crm.gaps import Why
from crm.userbots import EDIT_WINDOW
from handlers.language import _, day, ngettext, number, when
from handlers.screens import safe
from handlers.screens.messages import beside
from storage.conversations import Conversation
from storage.gaps import Gap

SHOWN = 2  # gaps on a card


def line(thread: Conversation, coverage: Coverage, *, live: bool) -> str:
    """What the vault has of one conversation; `live`: whether its account is heard just now, by any road."""
    words = [_extent(thread, coverage)]
    if coverage.extent in {Extent.WHOLE, Extent.READING, Extent.BROKEN}:
        words[0] += f" {_followed(live=live).format(when=when(coverage.since))}"
    words += [gap(one, "") for one in coverage.gaps[:SHOWN]]
    if len(coverage.gaps) > SHOWN:
        words.append(_("More gaps are listed under /status."))
    return "\n".join(words)


def _extent(thread: Conversation, coverage: Coverage) -> str:
    count, first = thread.message_count, thread.first_message_at
    since = when(coverage.since)
    match coverage.extent:
        case Extent.WHOLE if first is not None:
            text = ngettext(
                "✓ The {n} message that Telegram had, of {day}. What was deleted before is not known.",
                "✓ All {n} messages that Telegram had, since {day}. What was deleted before is not known.",
                count,
            )
            return text.format(n=number(count), day=day(first))
        case Extent.READING if first is not None:
            return _("◐ Back to {day} so far; older messages are still being read.").format(day=day(first))
        case Extent.CONNECTED:
            return _("◐ Since {when}, when the account was connected; what came before is not known.").format(
                when=since
            )
        case Extent.SILENT:
            return _("○ Nothing is heard since {when}: no road leads to the account.").format(when=since)
        case Extent.UNPICKED | Extent.REMOVED as ended:
            return _ended_group(ended).format(when=since)
        case _:
            return _("◐ What came before is not known.")


def _followed(*, live: bool) -> str:
    """Since when a linked device hears an account, and whether it does now."""
    if live:
        return _("Live since {when}.")
    return _("Followed since {when}, but not now: its linked device is not connected. What is missed comes later.")


def _ended_group(ended: Extent) -> str:
    if ended is Extent.REMOVED:
        return _("○ Nothing is heard since {when}: the account is not in the group any more.")
    return _("⏹ Not mirrored since {when}, by choice: what was written after that is not known.")


def account(heard: Heard, *, live: bool) -> str:
    """How an account is heard as a whole; `live`: whether it is just now, by any road."""
    name, since, reading = safe(heard.account.name), when(heard.since), heard.reading
    if heard.extent is Extent.CONNECTED:
        return _(
            "<b>{name}</b>: through Telegram Business since {when}. What came before is not known, nor any chat that "
            "the connection leaves out: Telegram does not say which."
        ).format(name=name, when=since)
    if heard.extent is Extent.SILENT:
        return _("<b>{name}</b>: nothing is heard since {when}.").format(name=name, when=since)
    if not reading.listed or reading.chats_done < reading.chats:
        text = _("<b>{name}</b>: {done} of {chats} chats read so far.")
    else:
        text = _("<b>{name}</b>: every private chat and each picked group, back to the beginning of what Telegram had.")
    text = text.format(name=name, done=number(reading.chats_done), chats=number(reading.chats))
    return f"{text} {_followed(live=live).format(when=since)}"


def gap(one: Gap, name: str) -> str:
    """One gap and what became of it; `name` says whose it is, where that is not plain."""
    head = f"<b>{safe(name)}</b>: " if name else ""
    span = f"{_span(one.begun_at, one.ended_at)}: " if one.begun_at and one.ended_at else ""
    sign = "⚠️" if one.closed_at is None else "☑️"
    return f"{sign} {head}{span}{_reason(one)} {_outcome(one)}".rstrip()


def _span(begun: datetime, ended: datetime) -> str:
    """From when till when; a moment where nobody could tell the two apart."""
    return when(begun) if when(begun) == when(ended) else f"{when(begun)} – {beside(ended, begun)}"


def _reason(one: Gap) -> str:
    words = {
        Why.TOO_LONG: _("Telegram no longer told what happened."),
        Why.UNLINKED: _("the device was not linked."),
        Why.DISCONNECTED: _("Telegram Business was taken off."),
        Why.DOWNTIME: _("Wysper did not run or did not reach Telegram, which keeps nothing for longer than 24 hours."),
        Why.REFUSED: _("Telegram refused to give the history of this chat."),
        Why.UNREACHABLE: _("the history could not be asked for: Telegram has not shown this person to the device."),
        Why.UNPICKED: _("this group was not mirrored."),
        Why.UNTOLD: _("something happened here of which Telegram did not tell."),
    }
    return words[Why(one.why)]


def _outcome(one: Gap) -> str:
    if one.why == Why.UNTOLD:
        text = _("A comparison on {when} found it: {new} missing, {edited} changed, {deleted} deleted.")
        counts = {name: number(one.facts.get(name, 0)) for name in ("new", "edited", "deleted")}
        return text.format(when=when(one.closed_at or one.ended_at), **counts) if one.ended_at else ""
    if one.closed_at is None and one.peer_id is not None:
        return ""
    if one.closed_at is None:
        being_read = one.why in {Why.TOO_LONG, Why.UNLINKED}
        return _("The chats are being read again.") if being_read else _("What was written then is not known.")
    if one.peer_id is not None:
        return _("It was read after all on {when}.").format(when=when(one.closed_at))
    fetched = _("What was written and changed then was fetched on {when}.").format(when=when(one.closed_at))
    if one.begun_at is None:
        return fetched
    older = _("Of messages from before {when}, some may have been deleted in that time without our knowing.")
    return f"{fetched} {older.format(when=when(one.begun_at - EDIT_WINDOW))}"
