"""What Telegram itself writes into a chat: service messages, in the Bot API's words."""

from __future__ import annotations

from typing import Any

from userbot.tl import types

# What the Bot API calls by another name than TL does; the rest keeps TL's, in the same spelling.
_ACTIONS = {
    "chat_create": "group_chat_created",
    "channel_create": "supergroup_chat_created",
    "chat_add_user": "new_chat_members",
    "chat_joined_by_link": "new_chat_members",
    "chat_joined_by_request": "new_chat_members",
    "chat_delete_user": "left_chat_member",
    "chat_edit_title": "new_chat_title",
    "chat_edit_photo": "new_chat_photo",
    "chat_delete_photo": "delete_chat_photo",
    "chat_migrate_to": "migrate_to_chat_id",
    "channel_migrate_from": "migrate_from_chat_id",
    "pin_message": "pinned_message",
    "set_messages_ttl": "message_auto_delete_timer_changed",
    "set_chat_wall_paper": "chat_background_set",
    "star_gift": "gift",
    "star_gift_unique": "unique_gift",
    "payment_sent": "successful_payment",
    "payment_sent_me": "successful_payment",
    "payment_refunded": "refunded_payment",
    "bot_allowed": "write_access_allowed",
    "geo_proximity_reached": "proximity_alert_triggered",
    "todo_completions": "checklist_tasks_done",
    "todo_append_tasks": "checklist_tasks_added",
    "requested_peer": "users_shared",
    "requested_peer_sent_me": "users_shared",
    "web_view_data_sent": "web_app_data",
    "web_view_data_sent_me": "web_app_data",
    "secure_values_sent": "passport_data",
    "secure_values_sent_me": "passport_data",
    "giveaway_launch": "giveaway_created",
    "poll_append_answer": "poll_option_added",
    "poll_delete_answer": "poll_option_deleted",
    "suggested_post_success": "suggested_post_paid",
    "suggested_post_refund": "suggested_post_refunded",
    "paid_messages_price": "paid_message_price_changed",
}


def service_name(action: Any) -> str:
    """What happened in the chat, as the Bot API calls it."""
    name = snake(type(action).__name__.removeprefix("MessageAction"))
    return _ACTIONS.get(name, name)


def snake(name: str) -> str:
    """TL's spelling of a name in the Bot API's: PhoneCall → phone_call, SetMessagesTTL → set_messages_ttl."""
    last = len(name)
    return "".join(
        "_" + letter.lower()
        if letter.isupper() and at and (name[at - 1].islower() or (at + 1 < last and name[at + 1].islower()))
        else letter.lower()
        for at, letter in enumerate(name)
    )


def happened(action: Any) -> dict[str, Any]:
    """What happened, and of a call how it went."""
    facts: dict[str, Any] = {"service": service_name(action)}
    if isinstance(action, types.MessageActionPhoneCall):
        facts["call"] = {"duration": action.duration or 0, "video": bool(action.video)}
    return facts


def said(action: Any) -> tuple[str, Any]:
    """The words that go with it, such as those of a gift or a new title, and their entities."""
    words = getattr(action, "message", None) or getattr(action, "title", None)
    return (words.text, words.entities) if isinstance(words, types.TextWithEntities) else (words or "", None)
