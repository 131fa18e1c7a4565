"""Telegram's HTML: which tags a message may have, and how a wrong one is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.world import Entity, Refused, utf16_length

_TYPES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_LARGEST_CODE_POINT = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_REFERENCE = re.compile(r"&(?:#(?:x(?P<hex>[0-9a-fA-F]{1,8})|(?P<decimal>[0-9]{1,8}))|(?P<name>[A-Za-z]+));?")
_ATTRIBUTE = re.compile(r"\s*([^\s=>]+)(?:\s*(=)\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.-]*)(?=[\s>])))?")
_USER_LINK = re.compile(r"tg://user\?id=(\d+)")
_LINK = re.compile(r"(?:(?:https?|tg|ton|mailto|tel):|[\w-]+(?:\.[\w-]+)+)\S*", re.IGNORECASE)


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    start: int
    expandable: bool = False


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Give the text without tags, and its entities. Refuses as Telegram does, with the byte at which it went wrong."""
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._text: list[str] = []
        self._offset = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self._at < len(self._source):
            if self._source[self._at] != "<":
                self._take_text()
            elif self._source.startswith("</", self._at):
                self._take_end_tag()
            else:
                self._take_start_tag()
        if self._open:
            raise _cannot_parse(f'can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        return "".join(self._text), self._entities

    def _take_text(self) -> None:
        end = self._source.find("<", self._at)
        end = len(self._source) if end < 0 else end
        piece = decode_references(self._source[self._at : end])
        self._text.append(piece)
        self._offset += utf16_length(piece)
        self._at = end

    def _take_start_tag(self) -> None:
        begin = self._at
        close = self._source.find(">", begin)
        tag, self._at = self._word(begin + 1)
        if close < 0:
            raise self._wrong("unclosed start tag", begin)
        if tag not in _TYPES:
            raise self._wrong(f'unsupported start tag "{tag}"', begin)
        attributes = self._take_attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._wrong('tag "span" must have class "tg-spoiler"', begin)
        argument = attributes.get({"a": "href", "code": "class", "tg-emoji": "emoji-id"}.get(tag, ""), "")
        self._open.append(_Open(tag, argument, self._offset, len(self._text), "expandable" in attributes))

    def _take_attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            while self._source[self._at : self._at + 1].isspace():
                self._at += 1
            if self._source.startswith(">", self._at):
                self._at += 1
                return attributes
            found = _ATTRIBUTE.match(self._source, self._at)
            if found is None:
                what = (
                    "unclosed start tag"
                    if self._at >= len(self._source)
                    else f'empty attribute name in the tag "{tag}"'
                )
                raise self._wrong(what, begin)
            name, equals, *values = found.groups()
            if equals is None and name != "expandable":
                raise self._wrong(f'expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
            attributes[name.lower()] = decode_references(next((value for value in values if value is not None), ""))
            self._at = found.end()

    def _take_end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise self._wrong("unexpected end tag", begin)
        tag, close = self._word(begin + 2)
        while self._source[close : close + 1].isspace():
            close += 1
        if not self._source.startswith(">", close):
            raise self._wrong("unclosed end tag", begin)
        opened = self._open.pop()
        if tag and tag != opened.tag:
            raise self._wrong("unmatched end tag", begin, f', expected "</{opened.tag}>", found "</{tag}>"')
        self._at = close + 1
        self._close(opened)

    def _word(self, at: int) -> tuple[str, int]:
        """Give the name of a tag in lower case, and where it ends."""
        rest = self._source[at:]
        name = re.split(r"[\s>]", rest, maxsplit=1)[0]
        return name.lower(), at + len(name)

    def _close(self, opened: _Open) -> None:
        length = self._offset - opened.offset
        if not length or opened.tag == "tg-emoji":  # a bot without a bought username may not send custom emoji
            return
        kind, url, user_id, language = _TYPES[opened.tag], None, None, None
        if opened.tag == "a":
            url = opened.argument or "".join(self._text[opened.start :])
            if user := _USER_LINK.fullmatch(url):
                kind, url, user_id = "text_mention", None, int(user[1])
            elif not _LINK.fullmatch(url):
                return
            else:
                url = url if ":" in url.split(".")[0] else f"http://{url}/"
        elif opened.tag == "blockquote" and opened.expandable:
            kind = "expandable_blockquote"
        elif opened.tag == "code" and self._open and self._open[-1].tag == "pre":
            self._open[-1].argument = opened.argument.removeprefix("language-")
            return
        elif opened.tag == "pre":
            language = opened.argument or None
        self._entities.append(Entity(kind, opened.offset, length, url, user_id, language))

    def _wrong(self, what: str, at: int, more: str = "") -> Refused:
        return _cannot_parse(f"{what} at byte offset {len(self._source[:at].encode())}{more}")


def _cannot_parse(why: str) -> Refused:
    return Refused.bad_request(f"can't parse entities: {why[0].upper()}{why[1:]}")


def decode_references(text: str) -> str:
    """Replace `&lt;` and its kind; what Telegram does not know stays as it is written."""
    return _REFERENCE.sub(_character, text)


def _character(reference: re.Match[str]) -> str:
    if name := reference["name"]:
        return _NAMED.get(name, reference.group())
    code = int(reference["hex"], 16) if reference["hex"] else int(reference["decimal"])
    return chr(code) if 0 < code < _LARGEST_CODE_POINT and code not in _SURROGATES else reference.group()
