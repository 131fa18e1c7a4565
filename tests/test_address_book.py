"""Contacts taken along as a table or as cards: whole, harmless, and for those alone who may export."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from crm.export.address_book import LINE, card
from storage.contacts import Contact
from tests.people import Desk, Someone


async def test_contacts_come_as_a_table_that_runs_nothing(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await desk.newcomer("=cmd|' /C calc'!A0").writes("Hello", to=olga)
    await olga.writes("/contacts")
    await olga.presses("Take along")
    await olga.presses("Table (CSV)")
    table = (await olga.receives_document()).data.decode("utf-8-sig").splitlines()
    assert table[0] == "telegram_id,first_name,last_name,username,phone,language"
    assert table[1].startswith(f"{anna.id},Anna,,anna_k")
    assert ",'=cmd|" in table[2]


async def test_contacts_come_as_cards(olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await olga.writes("/contacts")
    await olga.presses("Take along")
    await olga.presses("vCard")
    cards = (await olga.receives_document()).data.decode()
    assert cards.startswith("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna\r\nN:;Anna;;;\r\n")
    assert "URL:https://t.me/anna_k\r\n" in cards


async def test_an_agent_and_a_stranger_take_nothing_along(
    olga: Someone, anna: Someone, boris: Someone, mallory: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await boris.writes("/contacts")
    assert not [label for label in boris.buttons if "Take along" in label]
    for outsider in (boris, mallory):
        await outsider.writes("/start")
        await outsider.presses_address("xo:0:csv")
        assert outsider.documents == []


@given(st.text(max_size=120), st.text(max_size=120))
def test_no_name_ends_its_line_or_makes_it_too_long(first: str, last: str) -> None:
    one = Contact(
        telegram_id=7, first_name=first, last_name=last, name_key="", first_seen_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    lines = card(one).split(b"\r\n")
    assert all(len(line) <= LINE for line in lines)
    whole = card(one).replace(b"\r\n ", b"").split(b"\r\n")
    assert [line.partition(b":")[0] for line in whole[:-1]] == [
        b"BEGIN", b"VERSION", b"FN", b"N", b"X-TELEGRAM-ID", b"END",
    ]  # fmt: skip
