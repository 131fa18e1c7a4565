"""The words for an answer on its way: by which way it goes and why, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping

from crm.replies import Standing
from crm.replies.delivery import AUTHOR, BY_HAND, LEAVING
from crm.replies.ways import Bar, Way
from handlers.language import _, when
from handlers.screens import safe
from storage import outbox


def fate(one: Standing) -> list[str]:
    """How it stands; before it leaves, by which way it would."""
    match one.state:
        case None:
            return ways(one)
        case outbox.DUE | outbox.SENDING:
            return _waiting(one)
        case outbox.SENT:
            return [*_gone(one), *refusals(_passed_over(one, Way(one.reply.way or Way.BUSINESS)))]
        case outbox.UNCERTAIN:
            return [
                _(
                    "❓ <b>Nobody knows whether it has arrived</b>: the connection, or Wysper itself, ended while it "
                    "was being sent. Look into the chat, and say what you see. It is not sent again by itself."
                )
            ]
        case _:
            return _refused(one)


def ways(one: Standing) -> list[str]:
    """By which way it would go now, and what stands in each better one."""
    name, account = safe(one.contact.name), safe(one.account.name)
    chosen = {
        Way.BUSINESS: _("🟢 It goes through Telegram Business: {name} has written within 24 hours."),
        Way.USERBOT: _("🟢 It goes by the linked device, as if {account} had typed it on a phone."),
        Way.DRAFT: _("📝 It is put as a draft into {account}'s own Telegram, to be looked at and sent there."),
        Way.COPY: _("✋ It cannot be sent from here now. Copy the text, open the chat and paste it there."),
    }[one.choice.way]
    return [chosen.format(name=name, account=account), *refusals(one.choice.bars)]


def refusals(bars: Mapping[Way, str]) -> list[str]:
    """What stands, or stood, in each better way."""
    names = {
        Way.BUSINESS: _("Telegram Business"),
        Way.USERBOT: _("Linked device"),
        Way.DRAFT: _("Draft"),
    }
    shown: dict[str, str] = {}  # what keeps a device from sending may keep it from drafting, too: said once
    for way, bar in bars.items():
        shown.setdefault(_bar(bar, way), names[way])
    return [f"· {name}: {words}" for words, name in shown.items()]


def _bar(bar: str, way: Way) -> str:
    words = {
        Bar.NONE: _("not connected") if way is Way.BUSINESS else _("none is linked"),
        Bar.OFF: _("taken off in Telegram"),
        Bar.NO_RIGHT: _("not allowed to reply; see Accounts for how to allow it"),
        Bar.SILENT: _("only within 24 hours after the client has written"),
        Bar.FROZEN: _("Telegram has frozen the account"),
        Bar.UNCOVERED: _("this chat is left out; in Telegram, see Settings › Telegram Business › Chatbots"),
        Bar.ENDED: _("logged out; link it again under Accounts"),
        Bar.PAUSED: _("paused; resume it under Accounts"),
        Bar.IDLE: _("does not run here"),
        Bar.FIRST: _("it never writes to somebody who has not written first"),
        Bar.LIMITED: _("Telegram limits to whom this account may write; ask @SpamBot there"),
        Bar.FILE: _("a draft carries no file"),
        Bar.TOO_LARGE: _("the file is over 20 MB, more than Telegram gives a bot to pass on"),
        Bar.UNMET: _("Telegram has not shown it this person yet"),
    }
    return words.get(Bar(bar), bar) if bar in set(Bar) else _("Telegram refused ({reason})").format(reason=safe(bar))


def _waiting(one: Standing) -> list[str]:
    delivery = one.delivery
    if delivery is None or delivery.reason is None or delivery.state == outbox.SENDING:
        return [_("⏳ Taken. It is leaving now.")]
    if delivery.reason == "flood":
        return [_("⏳ Telegram has asked us to wait. It leaves at {when}.").format(when=when(delivery.due_at))]
    return [_("⏳ There is no connection to Telegram. It leaves as soon as there is one.")]


def _gone(one: Standing) -> list[str]:
    at = when(one.delivery.sent_at) if one.delivery is not None and one.delivery.sent_at else ""
    words = {
        Way.BUSINESS: _("✅ <b>Sent</b> {when} through Telegram Business."),
        Way.USERBOT: _("✅ <b>Sent</b> {when} by the linked device."),
        Way.DRAFT: _(
            "📝 <b>Put as a draft</b> {when} into {account}'s own Telegram. Open the chat there, and send it."
        ),
    }
    return [words[Way(one.reply.way or Way.BUSINESS)].format(when=at, account=safe(one.account.name))]


def _refused(one: Standing) -> list[str]:
    reason = one.delivery.reason if one.delivery is not None and one.delivery.reason else ""
    words = {
        BY_HAND: _("✋ <b>Not sent</b>: no way leads there now. Copy the text, open the chat and paste it there."),
        AUTHOR: _("🔴 <b>Not sent</b>: whoever pressed Send may not write here any more."),
        LEAVING: _("🔴 <b>Not sent</b>: this workspace is being deleted."),
        "YOU_BLOCKED_USER": _("🔴 <b>Not sent</b>: {account} has blocked this person. Unblock them in Telegram first."),
        "USER_IS_BLOCKED": _("🔴 <b>Not sent</b>: {name} has blocked {account}. Nothing can be sent."),
        "INPUT_USER_DEACTIVATED": _("🔴 <b>Not sent</b>: {name} has deleted the Telegram account."),
        "USER_DEACTIVATED": _("🔴 <b>Not sent</b>: {name} has deleted the Telegram account."),
        "MESSAGE_TOO_LONG": _("🔴 <b>Not sent</b>: the text is too long for Telegram. Shorten it."),
    }
    other = _("🔴 <b>Not sent</b>: {reason}. Try again, or copy the text and paste it into the chat.")
    facts = {"name": safe(one.contact.name), "account": safe(one.account.name), "reason": safe(reason)}
    return [words.get(reason, other).format(**facts), *refusals(_passed_over(one, Way.COPY))]


def _passed_over(one: Standing, way: Way) -> dict[Way, str]:
    """What stands in the ways that are better than this one."""
    order = list(Way)
    return {other: bar for other, bar in one.choice.bars.items() if order.index(other) < order.index(way)}
