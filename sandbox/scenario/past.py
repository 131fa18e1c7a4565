"""What Olga has exported from an old computer: a chat that her account no longer has, as Telegram Desktop writes it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.scenario.script import Line, read
from sandbox.world import Person

HEDDA = 5_100_009_001  # she is on Telegram no more
BEFORE = 1_000  # Olga's own numbers begin behind those of the export
_SCRIPT = Path(__file__).parent / "past" / "hedda.chat"


def exported(olga: Person, now: datetime) -> bytes:
    """The file `result.json`."""
    script = read(_SCRIPT, now)
    names = {HEDDA: " ".join(script.client.values()), olga.id: olga.name}
    messages = [_message(at, line, olga.id, names) for at, line in enumerate(script.lines, 1)]
    chat = {"name": names[HEDDA], "type": "personal_chat", "id": HEDDA, "messages": messages}
    person = {
        "user_id": olga.id,
        "first_name": olga.first_name,
        "last_name": olga.last_name,
        "phone_number": olga.phone,
    }
    export = {"personal_information": person, "chats": {"about": "", "list": [chat]}}
    return json.dumps(export, indent=1, ensure_ascii=False).encode()


def _message(number: int, line: Line, olga_id: int, names: dict[int, str]) -> dict[str, Any]:
    sender = HEDDA if line.from_client else olga_id
    return {
        "id": number,
        "type": "message",
        "date": line.at.replace(tzinfo=None).isoformat(timespec="seconds"),
        "date_unixtime": str(int(line.at.timestamp())),
        "from": names[sender],
        "from_id": f"user{sender}",
        "text": line.text,
        "text_entities": [{"type": "plain", "text": line.text}],
    }
