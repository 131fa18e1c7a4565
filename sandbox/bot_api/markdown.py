"""Telegram's MarkdownV2: what its signs mean, and how a wrong one is refused."""

from __future__ import annotations

import re

from sandbox.world import Entity, Refused, utf16_length

_SIGNS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_USER_LINK = re.compile(r"tg://user\?id=(\d+)")


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """Give the text without signs, and its entities. Refuses as Telegram does, with the byte at which it went wrong."""
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._text: list[str] = []
        self._offset = 0
        self._open: list[tuple[str, int, int]] = []  # sign, offset in the text, place in the source
        self._quote: int | None = None
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self._at < len(self._source):
            self._step()
        self._end_quote()
        if self._open:
            sign, _, place = self._open[-1]
            name = "text_link" if sign == "[" else _SIGNS[sign]
            raise _cannot_parse(
                f"Can't find end of {name.title().replace('_', '')} entity at byte offset {self._byte(place)}"
            )
        return "".join(self._text), self._entities

    def _step(self) -> None:
        character = self._source[self._at]
        if self._is_escape():
            self._write(self._source[self._at + 1], 2)
        elif character == "`":
            self._take_code()
        elif character == ">" and self._source[self._at - 1 : self._at] in {"", "\n"}:
            self._quote = self._offset if self._quote is None else self._quote
            self._at += 1
        elif character == "\n":
            self._write("\n", 1)
            if not self._source.startswith(">", self._at):
                self._end_quote()
        elif character in "[]":
            self._take_link(character)
        elif sign := self._sign():
            self._toggle(sign)
        elif character in _RESERVED:
            raise _cannot_parse(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")
        else:
            self._write(character, 1)

    def _is_escape(self) -> bool:
        """Bot API: "any character with code between 1 and 126 inclusively can be escaped anywhere"."""
        return self._source[self._at] == "\\" and "\x00" < self._source[self._at + 1 : self._at + 2] < "\x7f"

    def _write(self, character: str, taken: int) -> None:
        self._text.append(character)
        self._offset += utf16_length(character)
        self._at += taken

    def _sign(self) -> str | None:
        two, one = self._source[self._at : self._at + 2], self._source[self._at]
        return two if two in _SIGNS else one if one in _SIGNS else None

    def _toggle(self, sign: str) -> None:
        if self._open and self._open[-1][0] == sign:
            _, start, _ = self._open.pop()
            self._add(_SIGNS[sign], start)
        elif self._open and sign == "__" and self._open[-1][0] == "_":  # "_italic__underline": the first sign closes
            sign = "_"
            _, start, _ = self._open.pop()
            self._add("italic", start)
        else:
            self._open.append((sign, self._offset, self._at))
        self._at += len(sign)

    def _take_code(self) -> None:
        fence = "```" if self._source.startswith("```", self._at) else "`"
        begin, start, language = self._at, self._offset, None
        self._at += len(fence)
        if fence == "```" and (label := re.compile(r"([^\s`]*)\n").match(self._source, self._at)):
            language, self._at = label[1] or None, label.end()
        while not self._source.startswith(fence, self._at):
            if self._at >= len(self._source):
                kind = "PreCode" if fence == "```" else "Code"
                raise _cannot_parse(f"Can't find end of {kind} entity at byte offset {self._byte(begin)}")
            escaped = self._is_escape()
            self._write(self._source[self._at + escaped], 1 + escaped)
        self._at += len(fence)
        self._add("pre" if fence == "```" else "code", start, language=language)

    def _take_link(self, bracket: str) -> None:
        if bracket == "[":
            self._open.append(("[", self._offset, self._at))
            self._at += 1
            return
        if not self._open or self._open[-1][0] != "[":
            raise _cannot_parse("Character ']' is reserved and must be escaped with the preceding '\\'")
        _, start, _ = self._open.pop()
        link = re.compile(r"\]\(((?:[^\\)]|\\.)*)\)").match(self._source, self._at)
        if link is None:
            if self._source.startswith("](", self._at):
                raise _cannot_parse(f"Can't find end of a URL at byte offset {self._byte(self._at + 1)}")
            self._at += 1
            return
        self._at = link.end()
        url = re.sub(r"\\(.)", r"\1", link[1])
        if user := _USER_LINK.fullmatch(url):
            self._add("text_mention", start, user_id=int(user[1]))
        elif url:
            self._add("text_link", start, url=url)

    def _end_quote(self) -> None:
        if self._quote is not None:
            self._add("blockquote", self._quote)
            self._quote = None

    def _add(
        self, kind: str, start: int, *, url: str | None = None, user_id: int | None = None, language: str | None = None
    ) -> None:
        if self._offset > start:
            self._entities.append(Entity(kind, start, self._offset - start, url, user_id, language))

    def _byte(self, place: int) -> int:
        return len(self._source[:place].encode())


def _cannot_parse(why: str) -> Refused:
    return Refused.bad_request(f"can't parse entities: {why}")
