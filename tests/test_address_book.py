"""Contacts taken along as a table or as cards: whole, harmless, and for those alone who may export."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

from hypothesis import given
from hypothesis import strategies as st

from crm.export.address_book import LINE, card
from handlers.buttons.fields import AskValue, NewField
from handlers.buttons.sifts import SiftCard
from handlers.buttons.tags import NewTagOn
from storage.contacts import Contact
from tests.people import Desk, Someone


async def test_contacts_come_as_a_table_that_runs_nothing(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await desk.newcomer("=cmd|' /C calc'!A0").writes("Hello", to=olga)
    await olga.writes("/contacts")
    await olga.presses("Take along")
    await olga.presses("Table (CSV)")
    table = (await olga.receives_document()).data.decode("utf-8-sig").splitlines()
    assert table[0] == "telegram_id,first_name,last_name,username,phone,language,other_phones,stage,tags"
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


async def test_contacts_of_a_filter_come_as_a_workbook_with_real_days_and_money(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await desk.newcomer("=1+1").writes("Hello", to=olga)
    await olga.writes("/start")
    for kind, name in (("money", "Budget"), ("date", "Birthday")):
        await olga.presses_address(NewField(kind=kind, currency="EUR").pack())
        await olga.writes(name)
    for field, value in ((1, "1200.50"), (2, "1990-12-31")):
        await olga.presses_address(AskValue(contact=1, id=field).pack())
        await olga.writes(value)
    await olga.presses_address(NewTagOn(on="contact", id=1).pack())
    await olga.writes("roses")
    await olga.presses_address(SiftCard(tag=1).pack())
    await olga.presses("Take along")
    await olga.presses("Excel")
    with ZipFile(BytesIO((await olga.receives_document()).data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        words, styles = book.read("xl/sharedStrings.xml").decode(), book.read("xl/styles.xml").decode()
    assert ("Anna" in words, "=1+1" in words, "<f>" in sheet) == (True, False, False)
    assert "<v>1200.5</v>" in sheet
    assert "<v>33238</v>" in sheet  # 31 December 1990, as spreadsheets count days
    assert "[$EUR]" in styles


async def test_an_agent_and_a_stranger_take_nothing_along(
    olga: Someone, anna: Someone, boris: Someone, mallory: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await boris.writes("/contacts")
    assert not [label for label in boris.buttons if "Take along" in label]
    for outsider in (boris, mallory):
        await outsider.writes("/start")
        await outsider.presses_address("xo:0:csv:0")
        assert outsider.documents == []


@given(st.text(max_size=120), st.text(max_size=120))
def test_no_name_ends_its_line_or_makes_it_too_long(first: str, last: str) -> None:
    one = Contact(
        telegram_id=7, first_name=first, last_name=last, name_key="", first_seen_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    lines = card(one, []).split(b"\r\n")
    assert all(len(line) <= LINE for line in lines)
    whole = card(one, []).replace(b"\r\n ", b"").split(b"\r\n")
    assert [line.partition(b":")[0] for line in whole[:-1]] == [
        b"BEGIN", b"VERSION", b"FN", b"N", b"X-TELEGRAM-ID", b"END",
    ]  # fmt: skip
