"""Login codes: sent to a phone, good for a few minutes and one use, void once they are typed into a chat."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.mtproto.calls import BadRequest, FloodWait
from sandbox.mtproto.limits import Rate
from sandbox.world import Event, MessageSent, World

LENGTH = 5
LIFETIME = timedelta(minutes=5)
_SHORTEST, _LONGEST = 7, 15  # digits of a phone number (E.164)
_WRONG_CODES = 5  # then the number rests
_REST = 3600


@dataclass(slots=True)
class SentCode:
    phone: str
    code: str
    hash: str
    sent: datetime


class Codes:
    """The codes on their way. `shown` is what the person would read on the phone."""

    def __init__(self, world: World) -> None:
        self.shown: dict[str, str] = {}
        self._world = world
        self._by_hash: dict[str, SentCode] = {}
        self._by_person: dict[int, SentCode] = {}
        self._wrong = Rate(_WRONG_CODES, _REST)

    def send(self, phone: str) -> SentCode:
        """Send a new code to a number. Refuses what is no number."""
        digits = "".join(filter(str.isdigit, phone))
        if not _SHORTEST <= len(digits) <= _LONGEST:
            raise BadRequest("PHONE_NUMBER_INVALID")
        code = f"{secrets.randbelow(10**LENGTH):0{LENGTH}}"
        sent = SentCode(digits, code, secrets.token_hex(9), self._world.clock.now())
        self._by_hash[sent.hash] = sent
        self.shown[digits] = code
        person = self._world.by_phone(digits)
        if person and person.phone:
            self._by_person[person.id] = sent
            self.shown[person.phone] = code
        return sent

    def check(self, phone: str, code_hash: str, code: str) -> None:
        """Use a code up. Refuses a wrong, an old and a void one, and a number where too many were wrong."""
        sent = self._by_hash.get(code_hash)
        if sent is None or sent.phone != "".join(filter(str.isdigit, phone)):
            raise BadRequest("PHONE_CODE_EXPIRED")
        now = self._world.clock.now()
        if now - sent.sent > LIFETIME:
            self._void(sent)
            raise BadRequest("PHONE_CODE_EXPIRED")
        if code != sent.code:
            if wait := self._wrong.wait(sent.phone, now.timestamp()):
                raise FloodWait(wait)
            raise BadRequest("PHONE_CODE_INVALID")
        self._void(sent)

    def _void(self, sent: SentCode) -> None:
        self._by_hash.pop(sent.hash, None)

    def hear(self, event: Event) -> None:
        """Void a code that its owner types into any chat: Telegram's guard against those who ask for it."""
        if isinstance(event, MessageSent):
            sent = self._by_person.get(event.message.sender_id)
            if sent and sent.code in event.message.text:
                self._void(sent)
