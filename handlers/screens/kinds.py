"""What messages carry, by kind: a sign and a name for each."""

from __future__ import annotations

from handlers.language import _

ICONS = {
    "photo": "🖼",
    "video": "🎬",
    "animation": "🎞",
    "video_note": "⏺",
    "voice": "🎤",
    "audio": "🎵",
    "document": "📎",
    "sticker": "🩹",
    "contact": "👤",
    "location": "📍",
    "venue": "📍",
    "poll": "📊",
    "dice": "🎲",
    "checklist": "☑️",
    "game": "🎮",
    "invoice": "🧾",
    "story": "📖",
    "giveaway": "🎁",
    "giveaway_winners": "🏆",
    "paid_media": "⭐️",
    "service": "ℹ️",
}


def icon(kind: str) -> str:
    """One sign for what a message carries; none for plain text."""
    return ICONS.get(kind, "" if kind == "text" else "📦")


def kind_name(kind: str) -> str:
    """What a message carries, as a person says it."""
    names = {
        "text": _("Text"),
        "photo": _("Photo"),
        "video": _("Video"),
        "animation": _("Animation"),
        "video_note": _("Video message"),
        "voice": _("Voice message"),
        "audio": _("Music"),
        "document": _("Document"),
        "sticker": _("Sticker"),
        "contact": _("Contact"),
        "location": _("Place"),
        "venue": _("Place"),
        "poll": _("Poll"),
        "dice": _("Dice"),
        "checklist": _("Checklist"),
        "game": _("Game"),
        "invoice": _("Invoice"),
        "story": _("Story"),
        "giveaway": _("Giveaway"),
        "giveaway_winners": _("Winners of a giveaway"),
        "paid_media": _("Media for Stars"),
        "service": _("Telegram notice"),
    }
    return names.get(kind, _("Something else"))


def gone(kind: str) -> str:
    """What destroys itself, and was therefore not kept."""
    names = {
        "photo": _("A photo that destroys itself; it is not kept"),
        "video": _("A video that destroys itself; it is not kept"),
        "video_note": _("A video message that destroys itself; it is not kept"),
        "voice": _("A voice message that destroys itself; it is not kept"),
    }
    return names.get(kind, _("A file that destroys itself; it is not kept"))
