"""What stood under an exported message, as old as the youngest of it: an export tells no other time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm.imports.people import person_of
from crm.seen import Reactions


def reactions_of(message: dict[str, Any], zone: str) -> Reactions | None:
    """None where the export tells of none: older ones never do. Its times are those of this zone."""
    told = message.get("reactions")
    found = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    signs = [sign | {"count": one.get("count", 1), "by": _by(one)} for one in found if (sign := _sign(one))]
    if not signs:
        return None
    moments = [moment for one in found for who in _recent(one) if (moment := _moment(who.get("date"), zone))]
    as_of = max(moments, default=datetime.fromtimestamp(0, UTC))
    return Reactions(sorted(signs, key=lambda sign: (-sign["count"], str(sign))), as_of)


def _sign(one: dict[str, Any]) -> dict[str, Any] | None:
    match one:
        case {"type": "emoji", "emoji": str(emoji)}:
            return {"type": "emoji", "emoji": emoji}
        case {"type": "custom_emoji", "document_id": number} if str(number).isdecimal():
            return {"type": "custom_emoji", "custom_emoji_id": str(number)}
        case {"type": "paid"}:
            return {"type": "paid"}
    return None


def _recent(one: dict[str, Any]) -> list[dict[str, Any]]:
    recent = one.get("recent")
    return [who for who in recent if isinstance(who, dict)] if isinstance(recent, list) else []


def _by(one: dict[str, Any]) -> list[int]:
    return sorted(person for who in _recent(one) if (person := person_of(who.get("from_id"))) is not None)


def _moment(told: Any, zone: str) -> datetime | None:
    try:
        return datetime.fromisoformat(told).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (TypeError, ValueError):
        return None
