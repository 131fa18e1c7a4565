"""Telegram Desktop's `result.json`, read piece by piece: whose it is, its chats, and their messages one at a time."""

from __future__ import annotations

import json
import re
from codecs import getincrementaldecoder
from dataclasses import dataclass
from math import isfinite
from typing import Any

from crm.imports.numbers import whole

CHATS = (("chats", "list"), ("left_chats", "list"))
HEADS = ((), *((*path, "") for path in CHATS))  # where a chat's name, type and id stand; () is the export of one chat
MESSAGES = frozenset((*path, "messages") for path in HEADS)
LONGEST = 2**20  # characters of one message: a hundred times what Telegram lets anybody write
DEEPEST = 64  # what is open around a message; Telegram Desktop opens seven
_BETWEEN = re.compile(r"[\s,:]*")
_SPACE = re.compile(r"\s*")
_CONTROL = re.compile(r"(?<!\\)((?:\\\\)*)\\x(?=[0-9A-Fa-f]{2})")  # Telegram Desktop's own escape, which JSON has not


def _finite(digits: str) -> float:
    """A number, and not what JSON has none for. Raises ValueError."""
    if not isfinite(number := float(digits)):
        raise ValueError(digits)
    return number


_value = json.JSONDecoder(strict=False, parse_float=_finite, parse_constant=_finite).raw_decode


@dataclass(slots=True)
class Chat:
    """What stands above the messages of a chat; the id is the other side's own."""

    id: int = 0
    name: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """The messages that ended in a piece of the file, and whether the file is sound up to here."""

    messages: list[tuple[Chat, dict[str, Any]]]
    sound: bool


class Reader:
    """Takes the file in pieces of any size, and keeps of it only what is not whole yet.

    A message is decoded at once, all around it value by value, so whatever else an export holds takes no room.
    """

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8-sig")("replace")
        self._window = ""  # what was read and not taken yet, from a value's beginning on
        self._at = 0
        self._open: list[tuple[str, bool]] = []  # name and whether it is a list, of all that is open
        self._among_messages = False
        self._key = ""
        self._chat = Chat()
        self.account_id: int | None = None  # as the export of an account names it
        self.recognised = False  # whether it is Telegram Desktop's at all
        self.whole = False  # of an account; else of one chat

    def feed(self, piece: bytes) -> Piece:
        """Go on reading; no bytes say that this was the end."""
        self._window = self._window[self._at :] + self._decoder.decode(piece, final=not piece)
        self._at = 0
        if "\\x" in self._window:
            self._window = _CONTROL.sub(r"\1\\u00", self._window)
        messages: list[tuple[Chat, dict[str, Any]]] = []
        try:
            ended = self._take(messages, last=not piece)
        except (ValueError, RecursionError):
            ended = False
        return Piece(messages, ended if not piece else len(self._window) - self._at <= LONGEST)

    def _take(self, messages: list[tuple[Chat, dict[str, Any]]], *, last: bool) -> bool:
        """Take what is whole; True where nothing is left open. Raises ValueError where a value is not whole or none."""
        window, at = self._window, self._at
        while (at := _after(_BETWEEN, window, at)) < len(window):
            self._at = at
            sign = window[at]
            if sign == "{" and self._among_messages:
                message, at = _value(window, at)
                escaped = window.find("\\u", self._at, at) >= 0  # only so comes what is half a sign
                messages.append((self._chat, _encodable(message) if escaped else message))
            elif sign in "{[":
                self._descend(is_list=sign == "[")
                at += 1
            elif sign in "}]":
                self._ascend()
                at += 1
            else:
                value, at = _value(window, at)
                follows = _after(_SPACE, window, at)
                if follows == len(window) and not last:
                    return False  # a number may go on, and words may be a name
                if window[follows : follows + 1] == ":":
                    self._key = value
                else:
                    self._note(self._path(), _encodable(value))
        self._at = at
        return not self._open

    def _path(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self._open[1:])

    def _descend(self, *, is_list: bool) -> None:
        if len(self._open) > DEEPEST:
            raise ValueError
        if len(self._open) == 1 and not self._open[0][1]:
            self.whole |= self._key in {"personal_information", "chats"}
            self.recognised |= self.whole or (self._key == "messages" and bool(self._chat.type))
        if self._path() in CHATS:
            self._chat = Chat()
        self._open.append(("" if not self._open or self._open[-1][1] else self._key, is_list))
        self._among_messages = self._path() in MESSAGES

    def _ascend(self) -> None:
        if not self._open:
            raise ValueError
        self._open.pop()
        self._among_messages = self._path() in MESSAGES

    def _note(self, path: tuple[str, ...], value: Any) -> None:
        if path == ("personal_information",) and self._key == "user_id":
            self.account_id = whole(value)
        elif path in HEADS and self._key == "id":
            self._chat.id = whole(value) or 0
        elif path in HEADS and self._key in {"name", "type"} and isinstance(value, str):
            setattr(self._chat, self._key, value)


def _after(pattern: re.Pattern[str], window: str, at: int) -> int:
    found = pattern.match(window, at)
    return found.end() if found else at


def _encodable(value: Any) -> Any:
    """The same without halves of signs, which no file can hold."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
