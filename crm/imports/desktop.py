"""Telegram Desktop's messages as the mirror's own values, in the Bot API's words, as both other sources say them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from crm.imports.carried import Content, Size, carried
from crm.imports.numbers import whole
from crm.imports.people import person_of
from crm.imports.reactions import reactions_of
from crm.imports.reading import Chat
from crm.imports.tally import Tally
from crm.seen import VANISHES, AnotherAccount, Peer, Seen, Source

ENTITIES = {
    "mention": "mention",
    "hashtag": "hashtag",
    "cashtag": "cashtag",
    "bot_command": "bot_command",
    "link": "url",
    "email": "email",
    "phone": "phone_number",
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strikethrough": "strikethrough",
    "spoiler": "spoiler",
    "blockquote": "blockquote",
    "code": "code",
    "pre": "pre",
    "text_link": "text_link",
    "mention_name": "text_mention",
    "custom_emoji": "custom_emoji",
}
PLAIN = frozenset({"plain", "unknown", "bank_card"})  # the Bot API has no name for them
# What is read here, and what says the same once more. A message of nothing else is its words alone.
SAID = frozenset(
    {
        "id",
        "type",
        "date",
        "date_unixtime",
        "edited",
        "edited_unixtime",
        "from",
        "from_id",
        "text",
        "text_entities",
        "reply_to_message_id",
        "reply_to_peer_id",
        "forwarded_from",
        "forwarded_from_id",
        "forwarded_date",
        "forwarded_date_unixtime",
        "reactions",
    }
)
CARRIED = frozenset(  # the same in `carried`
    {
        "actor",
        "actor_id",
        "action",
        "photo",
        "photo_file_size",
        "file",
        "file_name",
        "file_size",
        "media_type",
        "mime_type",
        "duration_seconds",
        "width",
        "height",
        "thumbnail",
        "thumbnail_file_size",
        "performer",
        "title",
        "sticker_emoji",
        "self_destruct_period_seconds",
        "contact_information",
        "contact_vcard",
        "contact_vcard_file_size",
        "location_information",
        "live_location_period_seconds",
        "place_name",
        "address",
        "poll",
        "media_spoiler",
        "game_title",
        "game_description",
        "invoice_information",
        "giveaway_information",
        "giveaway_results",
        "paid_stars_amount",
        "todo_list",
    }
)
_peer = lru_cache(Peer)  # one for each chat


def nothing_beside(_path: str) -> int | None:
    """For an export that came without its folder."""
    return None


@dataclass(slots=True)
class Translator:
    """Translates for one account. `strange` counts by name what there is no place for."""

    account_id: int
    zone: str = "UTC"  # of the dates in exports that are older than Telegram Desktop 3
    strange: Tally = field(default_factory=Tally)
    size: Size = nothing_beside

    def seen(self, chat: Chat, message: dict[str, Any]) -> Seen | None:
        """One message as the mirror takes it; None where its number or time is not told. Raises AnotherAccount."""
        number, sent_at = whole(message.get("id")), self._time(message, "date")
        if number is None or sent_at is None:
            self.strange.count(message.get("type"))
            return None
        sender = self._sender(chat, message)
        text, entities = self._text(message.get("text", ""))
        kind, file, extra = self._carried(message)
        if VANISHES in extra:
            text, entities = "", []
        return Seen(
            source=Source.IMPORT,
            account_id=self.account_id,
            peer=_peer(chat.id, chat.name),
            message_id=number,
            sender_id=sender,
            outgoing=sender == self.account_id,
            sent_at=sent_at,
            kind=kind,
            text=text,
            entities=entities,
            edited_at=self._time(message, "edited"),
            reply_to_id=None if "reply_to_peer_id" in message else whole(message.get("reply_to_message_id")),
            file=file,
            extra=extra | _context(message),
            reactions=reactions_of(message, self.zone),
        )

    def _carried(self, message: dict[str, Any]) -> Content:
        if SAID.issuperset(message) and message.get("type") == "message":
            return "text", None, {}
        for name in message.keys() - SAID - CARRIED:
            self.strange.count(name)
        return carried(message, self.strange, self.size)

    def _sender(self, chat: Chat, message: dict[str, Any]) -> int:
        sender = sender_of(message)
        if sender is None:
            return chat.id
        if sender not in {self.account_id, chat.id}:
            raise AnotherAccount  # a third person in a chat of two
        return sender

    def _time(self, message: dict[str, Any], name: str) -> datetime | None:
        """Old exports tell only what the clock on the wall showed."""
        try:
            if f"{name}_unixtime" in message:
                return datetime.fromtimestamp(int(message[f"{name}_unixtime"]), UTC)
            if name in message:
                return datetime.fromisoformat(message[name]).replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
        except (TypeError, ValueError, OverflowError, OSError):
            self.strange.count(name)
        return None

    def _text(self, written: Any) -> tuple[str, list[dict[str, Any]]]:
        """The text, and its formatting with offsets in UTF-16 units."""
        if isinstance(written, str):
            return written, []
        parts: list[str] = []
        entities: list[dict[str, Any]] = []
        offset = 0
        for part in written if isinstance(written, list) else []:
            facts = part if isinstance(part, dict) else {"type": "plain", "text": part}
            words = str(facts.get("text", ""))
            length = len(words.encode("utf-16-le", "surrogatepass")) // 2
            if (entity := self._entity(facts)) is not None and length:
                entities.append({"type": entity.pop("type"), "offset": offset, "length": length, **entity})
            parts.append(words)
            offset += length
        return "".join(parts), entities

    def _entity(self, part: dict[str, Any]) -> dict[str, Any] | None:
        kind = ENTITIES.get(str(part.get("type")))
        if kind is None:
            if part.get("type") not in PLAIN:
                self.strange.count(f"text: {part.get('type')}")
            return None
        facts: dict[str, Any] = {"type": kind}
        match kind:
            case "pre" if part.get("language"):
                facts["language"] = part["language"]
            case "blockquote" if part.get("collapsed"):
                facts["type"] = "expandable_blockquote"
            case "text_link":
                facts["url"] = part.get("href", "")
            case "text_mention":
                facts["user_id"] = part.get("user_id")
            case "custom_emoji":
                if not str(part.get("document_id", "")).isdecimal():
                    return None  # a path, where the picture was exported as well
                facts["custom_emoji_id"] = str(part["document_id"])
        return facts


def sender_of(message: dict[str, Any]) -> int | None:
    """The user id of whoever wrote it or did it."""
    return person_of(message.get("from_id", message.get("actor_id")))


def _context(message: dict[str, Any]) -> dict[str, Any]:
    if "forwarded_from" not in message and "forwarded_from_id" not in message:
        return {}
    return {"forward": {"name": message.get("forwarded_from") or ""}}
