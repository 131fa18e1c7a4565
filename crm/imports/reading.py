"""Telegram Desktop's `result.json`, read piece by piece: whose it is, its chats, and their messages one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ijson import basic_parse_coro
from ijson.common import JSONError
from ijson.utils import sendable_list

Event = tuple[str, Any]
CHATS = (("chats", "list"), ("left_chats", "list"))
HEADS = ((), *((*path, "") for path in CHATS))  # where a chat's name, type and id stand; () is the export of one chat
MESSAGES = frozenset((*path, "messages") for path in HEADS)
_CONTROL = re.compile(rb"(?<!\\)((?:\\\\)*)\\x(?=[0-9A-Fa-f]{2})")  # Telegram Desktop's own escape, which JSON has not
_ESCAPE = 3  # bytes of it that may stand at the end of a piece


@dataclass(slots=True)
class Chat:
    """What stands above the messages of a chat; the id is the other side's own."""

    id: int = 0
    name: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """What ended in a piece of the file, and whether the file is sound up to here."""

    messages: list[tuple[Chat, dict[str, Any]]]
    sound: bool


class Reader:
    """Takes the file in pieces of any size, keeps none of it, and gives each message when its last byte has come."""

    def __init__(self) -> None:
        self._events: list[Event] = sendable_list()
        self._parser = basic_parse_coro(self._events, use_float=True)
        self._rest = b""
        self._open: list[tuple[str, bool]] = []  # name and whether it is a list, of all that is open
        self._key = ""
        self._message: _Message | None = None
        self._chat = Chat()
        self.account_id: int | None = None  # as the export of an account names it
        self.recognised = False  # whether it is Telegram Desktop's at all
        self.whole = False  # of an account; else of one chat

    def feed(self, piece: bytes) -> Piece:
        """Go on reading; no bytes say that this was the end."""
        sound = True
        try:
            self._send(piece)
        except JSONError:
            sound = False
        messages = list(self._take(iter(self._events)))
        self._events.clear()
        return Piece(messages, sound)

    def _send(self, piece: bytes) -> None:
        """With control signs as JSON has them; an escape that is cut in two waits for its end."""
        if not piece:
            self._parser.send(self._rest or b" ")
            self._parser.close()
            return
        piece = self._rest + piece
        cut = piece.rfind(b"\\", -_ESCAPE)
        while cut > 0 and piece[cut - 1 : cut] == b"\\":
            cut -= 1
        piece, self._rest = (piece, b"") if cut < 0 else (piece[:cut], piece[cut:])
        if piece:
            self._parser.send(_CONTROL.sub(rb"\1\\u00", piece) if b"\\x" in piece else piece)

    def _take(self, events: Iterator[Event]) -> Iterator[tuple[Chat, dict[str, Any]]]:
        while True:
            if self._message is not None:
                if not self._message.grow(events):
                    return
                yield self._chat, self._message.whole
                self._message = None
            for event, value in events:
                if self._enter(event, value):
                    break
            else:
                return

    def _enter(self, event: str, value: Any) -> bool:
        """Follow what is around the messages; True where one begins."""
        if event == "map_key":
            self._key = value
        elif event == "start_map" and self._path() in MESSAGES:
            self._message = _Message()
            return True
        elif event.startswith("start_"):
            self._descend(is_list=event == "start_array")
        elif event.startswith("end_"):
            self._open.pop()
        else:
            self._note(self._path(), value)
        return False

    def _path(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self._open[1:])

    def _descend(self, *, is_list: bool) -> None:
        if len(self._open) == 1 and not self._open[0][1]:
            self.whole |= self._key in {"personal_information", "chats"}
            self.recognised |= self.whole or (self._key == "messages" and bool(self._chat.type))
        if self._path() in CHATS:
            self._chat = Chat()
        self._open.append(("" if not self._open or self._open[-1][1] else self._key, is_list))

    def _note(self, path: tuple[str, ...], value: Any) -> None:
        if path == ("personal_information",) and self._key == "user_id" and isinstance(value, int):
            self.account_id = value
        elif path in HEADS and self._key == "id" and isinstance(value, int):
            self._chat.id = value
        elif path in HEADS and self._key in {"name", "type"} and isinstance(value, str):
            setattr(self._chat, self._key, value)


class _Message:
    """One object, put together from the events between its braces. One loop, since a history has millions of them."""

    def __init__(self) -> None:
        self.whole: dict[str, Any] = {}
        self._inner: Any = self.whole
        self._around: list[Any] = []
        self._key = ""

    def grow(self, events: Iterator[Event]) -> bool:
        """Take events up to the end of the object; False where they end before it does."""
        inner, around, key = self._inner, self._around, self._key
        for event, value in events:
            if event == "map_key":
                key = value
                continue
            if event in {"end_map", "end_array"}:
                if not around:
                    return True
                inner = around.pop()
                continue
            thing = {} if event == "start_map" else [] if event == "start_array" else value
            if type(inner) is dict:
                inner[key] = thing
            else:
                inner.append(thing)
            if event in {"start_map", "start_array"}:
                around.append(inner)
                inner = thing
        self._inner, self._key = inner, key
        return False
