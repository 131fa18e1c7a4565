"""Files that say they are exports: cut anywhere, torn, or made to do harm."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.imports.reading import LONGEST, Reader
from tests.exports import account, chat, says, written

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
MIB = 2**20


def read(data: bytes, size: int = 700) -> tuple[list[Any], bool]:
    """The texts of the messages that a file gives, and whether it was sound to the end."""
    reader, texts = Reader(), []
    for start in range(0, len(data) + size, size):
        part = reader.feed(data[start : start + size])
        texts += [message.get("text") for _chat, message in part.messages]
        if not part.sound:
            return texts, False
    return texts, True


def amid(value: bytes) -> bytes:
    """A file in which something strange stands as the text of the second of three messages."""
    return written(account(chat([says(1, "before"), says(2, "STRANGE"), says(3, "after")]))).replace(
        b'"STRANGE"', value
    )


@given(texts=st.lists(TEXTS, max_size=6), size=st.integers(1, 90))
def test_every_way_of_cutting_a_file_gives_the_same_messages(texts: list[str], size: int) -> None:
    export = account(chat(says(number, text) for number, text in enumerate(texts, 1)))
    data = written(export).replace(b"\\u00", b"\\x")  # as Telegram Desktop writes control signs
    reader, found, sound = Reader(), [], True
    for start in range(0, len(data), size):
        part = reader.feed(data[start : start + size])
        sound = sound and part.sound
        found += part.messages
    found += reader.feed(b"").messages
    assert sound
    assert [message for _chat, message in found] == export["chats"]["list"][0]["messages"]


def test_a_torn_file_is_not_sound_wherever_it_tears() -> None:
    data = written(account(chat([says(1, "first"), says(2, "second 👍")])))
    for end in range(1, len(data)):
        texts, sound = read(data[:end])
        assert not sound
        assert texts == ["first", "second 👍"][: len(texts)]
    assert read(data) == (["first", "second 👍"], True)


@pytest.mark.parametrize(
    "harm",
    [
        b"NaN",
        b"-Infinity",
        b"1e999",
        b'"\\q"',
        b"<html>",
        b"'",
        b"[" * 5000 + b"]" * 5000,
        b'"' + b"x" * 2 * LONGEST + b'"',
    ],
)
def test_what_json_or_telegram_has_not_ends_the_reading_there(harm: bytes) -> None:
    assert read(amid(harm), 64 * 1024) == (["before"], False)


def test_what_is_only_broken_is_mended() -> None:
    assert read(amid(b'"\\ud800"')) == (["before", "?", "after"], True)
    assert read(amid(b'"\xff"')) == (["before", "\ufffd", "after"], True)
    assert read(b"\xef\xbb\xbf" + amid(b'"a\tb"')) == (["before", "a\tb", "after"], True)


@pytest.mark.parametrize("harm", [b'"' + b"x" * 8 * MIB, b"[" * 8 * MIB, b" " * 8 * MIB])
def test_no_file_makes_the_reader_keep_much_of_it(harm: bytes) -> None:
    reader = Reader()
    tracemalloc.start()
    try:
        for start in range(0, len(harm), MIB // 4):
            if not reader.feed(harm[start : start + MIB // 4]).sound:
                break
        assert tracemalloc.get_traced_memory()[1] < 6 * MIB
    finally:
        tracemalloc.stop()


def test_numbers_that_no_id_can_have_are_none() -> None:
    reader = Reader()
    data = written(account(chat([says(10**30, "x")], peer=10**30), owner=10**30))
    [(found, _message)] = reader.feed(data).messages
    assert (found.id, reader.account_id) == (0, None)
