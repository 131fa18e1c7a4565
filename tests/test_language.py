"""Numbers and sizes as each reader writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handlers.language import percent, size, speaking
from handlers.screens.messages import brief
from handlers.screens.told import facts_line
from storage.messages import Message


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("en", 1, "1 byte"),
        ("en", 999, "999 bytes"),
        ("en", 30_600, "30.6 kB"),
        ("en", 999_960, "1 MB"),
        ("en", 60_000_000, "60 MB"),
        ("en", 5_000_000_000_000, "5,000 GB"),
        ("ru", 21, "21 байт"),
        ("ru", 30_600, "30,6 кБ"),
        ("ru", 60_000_000, "60 МБ"),
    ],
)
def test_a_size_is_said_in_the_readers_language(language: str, count: int, words: str) -> None:
    with speaking(language):
        assert size(count) == words


def test_a_percentage_is_written_as_the_reader_writes_it() -> None:
    with speaking("en"):
        assert percent(0.999) == "99%"
    with speaking("ru"):
        assert percent(0.999) == "99\xa0%"


def test_a_call_is_called_a_call() -> None:
    call = Message(
        conversation_id=1,
        account_id=1,
        peer_id=2,
        message_id=3,
        sender_id=2,
        outgoing=False,
        kind="service",
        text="",
        sent_at=datetime(2026, 5, 3, tzinfo=UTC),
        extra={"service": "phone_call"},
    )
    with speaking("en"):
        assert facts_line(call) == brief(call) == "📞 Call"
    with speaking("ru"):
        assert facts_line(call) == "📞 Звонок"
