"""What a message carries that is no file, in words: one line in a list, and the rest of it on its own screen."""

from __future__ import annotations

from typing import Any

from crm.seen import VANISHES
from handlers.language import _, ngettext, number
from handlers.screens import safe
from handlers.screens.kinds import gone, icon, kind_name
from storage.messages import Message

MOST = 12  # options of a poll or tasks of a list that are shown


def facts_line(message: Message) -> str:
    """What a message without a file carries besides its text, or instead of one, on one line of HTML."""
    if VANISHES in message.extra:
        return f"🔥 {gone(message.kind)}"
    facts = message.extra.get(message.kind)
    if message.kind == "service":
        return _happened(message)
    return f"{icon(message.kind)} {_shown(message.kind, facts) if isinstance(facts, dict) else kind_name(message.kind)}"


def _shown(kind: str, facts: dict[str, Any]) -> str:
    match kind:
        case "contact":
            name = " ".join(str(facts[part]) for part in ("first_name", "last_name") if facts.get(part))
            shown = f"{safe(name)} {safe(str(facts.get('phone_number', '')))}"
        case "location":
            shown = f"{facts.get('latitude')}, {facts.get('longitude')}"
            shown += " · " + _("as it moves") if facts.get("live_period") else ""
        case "venue":
            shown = safe(f"{facts.get('title', '')}, {facts.get('address', '')}")
        case "poll":
            shown = safe(str(facts.get("question", "")))
        case "dice":
            shown = f"{facts.get('emoji')} {facts.get('value')}"
        case "checklist" | "game" | "invoice":
            shown = f"{kind_name(kind)}: {safe(str(facts.get('title', '')))}"
        case "giveaway" | "giveaway_winners":
            count = int(facts.get("winner_count", 0))
            winners = ngettext("{n} winner", "{n} winners", count).format(n=number(count))
            shown = f"{kind_name(kind)}: {winners}"
        case "paid_media":
            shown = f"{kind_name(kind)}: {number(int(facts.get('star_count', 0)))}"
        case _:
            shown = kind_name(kind)
    return shown


def _happened(message: Message) -> str:
    """What Telegram itself wrote; of a call, how long it took."""
    what = message.extra.get("service")
    if what == "phone_call":
        seconds = int((message.extra.get("call") or {}).get("duration", 0))
        lasted = _("Call, {minutes}:{seconds:02}").format(minutes=seconds // 60, seconds=seconds % 60)
        return "📞 " + (lasted if seconds else _("Call"))
    if what == "gift":
        return "🎁 " + _("Gift")
    if notice := _notices().get(str(what)):
        return f"{icon('service')} {notice}"
    return f"{icon('service')} {kind_name('service')}" + (f": {safe(str(what).replace('_', ' '))}" if what else "")


def _notices() -> dict[str, str]:
    """What Telegram notes down most, by the Bot API's name; who did it stands beside it."""
    return {
        "group_chat_created": _("The group was opened"),
        "supergroup_chat_created": _("The group was opened"),
        "new_chat_members": _("Somebody came into the group"),
        "left_chat_member": _("Somebody left the group"),
        "new_chat_title": _("The group has a new name"),
        "new_chat_photo": _("The group has a new picture"),
        "delete_chat_photo": _("The group's picture was removed"),
        "pinned_message": _("A message was pinned"),
        "migrate_to_chat_id": _("The group became a supergroup"),
        "migrate_from_chat_id": _("Here the supergroup begins"),
        "contact_sign_up": _("Joined Telegram"),
        "history_clear": _("The chat was emptied"),
        "screenshot_taken": _("A screenshot was taken"),
        "message_auto_delete_timer_changed": _("When messages delete themselves was changed"),
        "chat_background_set": _("The chat has a new background"),
    }


def details(message: Message) -> list[str]:
    """What `facts_line` leaves out: the options of a poll, the tasks of a list, a description; lines of HTML."""
    facts = message.extra.get(message.kind)
    if not isinstance(facts, dict):
        return []
    lines = [f"▫️ {safe(str(option))}" for option in facts.get("options", ())]
    lines += [
        f"{'✅' if task.get('done') else '⬜️'} {safe(str(task.get('text', '')))}" for task in facts.get("tasks", ())
    ]
    words = (facts.get("description"), facts.get("prize_description"))
    return [*lines[:MOST], *(["…"] if len(lines) > MOST else []), *(safe(str(one)) for one in words if one)]
