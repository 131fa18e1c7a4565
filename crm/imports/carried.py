"""What an exported message carries besides its text: kind, file, and the facts that have no column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from crm.imports.numbers import whole
from crm.imports.tally import Tally
from crm.imports.told import told
from crm.seen import VANISHES, File

Content = tuple[str, File | None, dict[str, Any]]
Size = Callable[[str], int | None]  # bytes of a file of this name beside the export, where it is there
KINDS = {
    "sticker": "sticker",
    "video_message": "video_note",
    "voice_message": "voice",
    "animation": "animation",
    "video_file": "video",
    "audio_file": "audio",
}
# Which details the Bot API gives of each kind of file; the sources must describe a file alike.
_NAMED = frozenset({"document", "video", "audio", "animation"})
_TYPED = frozenset({*_NAMED, "voice"})
_SHAPED = frozenset({"video", "video_note", "animation", "sticker"})
_LASTING = frozenset({"video", "video_note", "animation", "voice", "audio"})
SERVICES = {  # where Telegram Desktop calls by another name what both other sources call by these
    "pin_message": "pinned_message",
    "set_messages_ttl": "message_auto_delete_timer_changed",
    "set_chat_wallpaper": "chat_background_set",
    "set_same_chat_wallpaper": "chat_background_set",
    "edit_chat_theme": "set_chat_theme",
    "take_screenshot": "screenshot_taken",
    "joined_telegram": "contact_sign_up",
    "send_star_gift": "gift",
    "send_payment": "successful_payment",
    "allow_sending_messages": "write_access_allowed",
    "proximity_reached": "proximity_alert_triggered",
    "clear_history": "history_clear",
    "score_in_game": "game_score",
}


def carried(message: dict[str, Any], strange: Tally, size: Size) -> Content:
    """Kind, file and further facts; what has no name here is counted in `strange`."""
    if message.get("type") == "service":
        action = str(message.get("action", "unknown"))
        return "service", None, {"service": SERVICES.get(action, action)}
    if message.get("type") != "message":
        strange.count(message.get("type"))
    if "photo" in message:
        return _photo(message, size)
    if "file" in message or "media_type" in message:
        return _document(message, strange, size)
    if (known := told(message)) is not None:
        kind, facts = known
        return kind, None, {kind: facts} if facts else {}
    return "text", None, {}


def _photo(message: dict[str, Any], size: Size) -> Content:
    if "self_destruct_period_seconds" in message:
        return "photo", None, {VANISHES: True}
    path = str(message["photo"])
    lies_there = size(path)
    file = File(
        kind="photo",
        mime="image/jpeg",
        size=lies_there or whole(message.get("photo_file_size")),
        width=whole(message.get("width")),
        height=whole(message.get("height")),
        beside=path if lies_there else None,
    )
    return "photo", file, {}


def _document(message: dict[str, Any], strange: Tally, size: Size) -> Content:
    named = message.get("media_type")
    kind = KINDS.get(str(named), "document")
    if named is not None and named not in KINDS:
        strange.count(f"media: {named}")
    if "self_destruct_period_seconds" in message:
        return kind, None, {VANISHES: True}
    path = str(message.get("file", ""))
    lies_there = size(path)
    file = File(
        kind=kind,
        mime=_words(message.get("mime_type")) if kind in _TYPED else None,
        name=_name(message, path) if kind in _NAMED else None,
        size=lies_there or whole(message.get("file_size")),
        width=whole(message.get("width")) if kind in _SHAPED else None,
        height=whole(message.get("height")) if kind in _SHAPED else None,
        duration=whole(message.get("duration_seconds")) if kind in _LASTING else None,
        beside=path if lies_there else None,
    )
    emoji = _words(message.get("sticker_emoji")) if kind == "sticker" else None
    return kind, file, {"sticker": {"emoji": emoji}} if emoji else {}


def _name(message: dict[str, Any], path: str) -> str | None:
    """A file that was not exported has a sentence in brackets for its path."""
    if name := _words(message.get("file_name")):
        return name
    return None if path.startswith("(") else PurePosixPath(path).name or None


def _words(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
