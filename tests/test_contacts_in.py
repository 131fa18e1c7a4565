"""Contacts from another program's file: looked at first, taken in as understood, told line by line, and undone."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlmodel import col, select

from crm import fields, merging, stages
from crm.access import enter, enter_room
from crm.contacts_in import cards, columns, tables
from crm.errors import Invalid
from crm.export import spreadsheet
from crm.export.address_book import card
from handlers.buttons.contacts_in import TakeIn
from handlers.buttons.fields import AskValue, NewField
from handlers.buttons.notes import WriteNote
from handlers.buttons.stages import LayOutStages, MoveTo
from handlers.buttons.tags import NewTag
from sandbox.world import File
from storage.contacts import NOT_AT_TELEGRAM, Contact
from storage.jobs import Job
from storage.notes import Note
from storage.phones import ContactPhone
from storage.stages import Stage
from storage.tags import Tag
from tests.people import OLGA, Desk, Someone
from tests.test_fields import opens

NOW = datetime(2020, 1, 1, tzinfo=UTC)
TABLE = """Имя;Телефон;Username;Теги;Комментарий;Бюджет;Lieblingsfarbe
Мария Орлова;+49 151 23456789;@maria_o;свадьба, опт;"любит розы
и пионы";1200 EUR;rot
Zoë;0151 / 99887766;;;;a lot;blau
;;;;nobody at all;;
Anna;;anna_k;;;;
"""


def file(desk: Desk, name: str, data: bytes | str) -> File:
    return desk.world.store_file(data if isinstance(data, bytes) else data.encode(), name=name)


async def people(desk: Desk) -> list[Contact]:
    async with desk.vault() as session:
        return list(await session.exec(select(Contact).order_by(col(Contact.id))))


async def brings(olga: Someone, data: bytes | str, way: str, name: str = "clients.csv") -> None:
    await olga.writes(file=file(olga.desk, name, data))
    if name.endswith("csv"):
        await olga.presses("Go on")
    await olga.presses(way)
    assert await olga.sees("Done.")


async def undoes(olga: Someone) -> None:
    done = next(message for message in olga.chat if "Bringing contacts in" in message.text)
    await olga.presses("Undo all", under=done)


async def test_a_table_is_matched_looked_at_taken_in_and_undone(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await olga.writes("/start")
    await olga.presses_address(NewField(kind="money", currency="EUR").pack())
    await olga.writes("Бюджет")
    await olga.writes("/contacts")
    await olga.presses("Bring in")
    await olga.writes(file=file(desk, "clients.csv", TABLE))
    assert [label for label in olga.buttons if "→" in label] == [
        "Имя → Whole name", "Телефон → Phone", "Username → Username", "Теги → Tags", "Комментарий → Note",
        "Бюджет → Бюджет", "Lieblingsfarbe → (skip)",
    ]  # fmt: skip
    await olga.presses("Lieblingsfarbe")
    assert "For example" in olga.screen
    await olga.presses("Tags")
    await olga.presses("Go on")
    assert "2 new contacts" in olga.screen
    assert "1 is here already" in olga.screen
    assert "1 is nobody" in olga.screen
    assert len(await people(desk)) == 1
    await olga.presses("Fill in what is empty")
    assert await olga.sees("2 new contacts")
    report = list(csv.reader(io.StringIO((await olga.receives_document()).data.decode("utf-8-sig"))))
    assert [row[0] for row in report[1:]] == ["4", "5"]
    assert "field" in report[1][2]
    first, maria, zoe = await people(desk)
    assert (maria.name, maria.username, maria.phone, maria.at_telegram) == (
        "Мария Орлова", "maria_o", "+4915123456789", False,
    )  # fmt: skip
    assert (first.username, zoe.name) == ("anna_k", "Zoë")
    async with desk.vault() as session:
        assert (await session.exec(select(Note.text))).all() == ["любит розы\nи пионы"]
    await olga.writes("/search Орлова")
    assert "Мария" in olga.screen
    await undoes(olga)
    assert await olga.sees("2 contacts are as before")
    assert [one.name for one in await people(desk)] == [first.name]
    async with desk.vault() as session:
        assert (await session.exec(select(Tag))).all() == []


async def test_who_came_from_a_file_has_a_card_without_a_chat_and_is_a_double_when_he_writes(
    desk: Desk, olga: Someone
) -> None:
    await brings(olga, "Name,Username\nMaria,maria_o\n", "Take them in")
    await olga.writes("/contacts")
    await olga.presses("Maria")
    assert "maria_o" in olga.screen
    maria = desk.newcomer("Masha", username="maria_o")
    await maria.writes("Hello", to=olga)
    await olga.writes("/contacts")
    await olga.presses("Doubles")
    assert any("Masha" in label and "Maria" in label for label in olga.buttons)


async def test_an_undo_takes_nothing_of_a_client_who_was_merged_into_who_came(desk: Desk, olga: Someone) -> None:
    await brings(olga, "Name,Username\nMaria,maria_o\nPaula,paula_p\n", "Take them in")
    masha = desk.newcomer("Masha", username="masha")
    await masha.writes("Hello", to=olga)
    await opens(olga, WriteNote(contact=3))
    await olga.writes("Roses on the first of May")
    async with enter(desk.app.installation, OLGA, 1) as at_her:
        await merging.merge(at_her, 1, 3)
    await undoes(olga)
    assert await olga.sees("1 contact is as before")
    assert [one.name for one in await people(desk)] == ["Maria", "Masha"]
    async with desk.vault() as session:
        assert (await session.exec(select(Note.text))).all() == ["Roses on the first of May"]


async def test_an_undo_puts_nobody_back_into_a_stage_that_was_removed(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await olga.writes("/start")
    await opens(olga, LayOutStages())
    await opens(olga, MoveTo(id=1, to=1))
    async with desk.vault() as session:
        second = (await session.get_one(Stage, 2)).name
    username = (await people(desk))[0].username
    await brings(olga, f"Username,Stage\n{username},{second}\n", "Overwrite")
    assert [one.stage_id for one in await people(desk)] == [2]
    async with enter(desk.app.installation, OLGA, 1) as at_her:
        await stages.remove(at_her, 1, to=None)
    await undoes(olga)
    assert await olga.sees("1 contact is as before")
    assert [one.stage_id for one in await people(desk)] == [None]


async def test_an_undo_goes_past_a_field_that_is_removed_for_good(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await olga.writes("/start")
    await olga.presses_address(NewField(kind="text").pack())
    await olga.writes("Colour")
    await opens(olga, AskValue(contact=1, id=1))
    await olga.writes("red")
    username, before = (await people(desk))[0].username, (await people(desk))[0].name
    await brings(olga, f"Name,Username,Colour\nAnnika,{username},blue\n", "Overwrite")
    async with enter(desk.app.installation, OLGA, 1) as at_her:
        await fields.remove(at_her, 1)
    async with enter_room(desk.app.installation, 1) as room:
        await fields.purge(room, desk.world.clock.now() + timedelta(days=1))
    await undoes(olga)
    assert await olga.sees("1 contact is as before")
    assert (await people(desk))[0].name == before


@pytest.mark.parametrize(
    ("way", "name", "phone"),
    [("Leave", "Anna", None), ("Fill in", "Anna", "+4915123456789"), ("Overwrite", "Anna Karenina", "+4915123456789")],
)
async def test_doubles_are_left_filled_or_overwritten(
    desk: Desk, anna: Someone, way: str, name: str, phone: str | None
) -> None:
    olga = desk.people["Olga"]
    await anna.writes("Hello", to=olga)
    await brings(olga, "Name,Username,Phone\nAnna Karenina,Anna_K,+4915123456789\n", way)
    (one,) = await people(desk)
    assert (one.name, one.phone) == (name, phone)


async def test_cards_come_in_and_a_broken_one_loses_only_itself(desk: Desk, olga: Someone) -> None:
    data = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9E=D1=80;=D0=90=D0=BD=\r\n=D0=B0\r\n"
        "TEL;CELL:+49 151 23456789\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nthis is no line of a card\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Chen\\, the second\r\nitem1.IMPP:tg:chen_2\r\nNOTE:one\\ntwo\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:has no end"
    )
    await brings(olga, data, "Take them in", "people.vcf")
    assert [(one.name, one.phone, one.username) for one in await people(desk)] == [
        ("Ана Ор", "+4915123456789", None),
        ("Chen, the second", None, "chen_2"),
    ]
    report = (await olga.receives_document()).data.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in report[1:]] == ["7", "16"]


async def test_every_phone_of_a_person_comes_in_goes_out_and_is_undone(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    table = (
        "Username,Name,Phone,Phone 2 - Type,Phone 2 - Value,Tags\n"
        "anna_k,Anna,+4915123456789,Work,+4930123456,old\n"
        "sol,Sol,+4915123456780;+4915123456781,,+4930123457,new\n"
    )
    await olga.writes("/start")
    await olga.presses_address(NewTag().pack())
    await olga.writes("old")
    await brings(olga, table, "Fill in what is empty")

    async def phones() -> list[str]:
        async with desk.vault() as session:
            return sorted(await session.exec(select(ContactPhone.phone)))

    assert await phones() == ["+4915123456781", "+4930123456", "+4930123457"]
    await olga.writes("/search +49 30 123456")
    assert "Anna" in olga.screen
    for form, name in (("Table (CSV)", "contacts.csv"), ("vCard", "contacts.vcf")):
        await olga.writes("/contacts")
        await olga.presses("Take along")
        await olga.presses(form)
        await brings(olga, (await olga.receives_document()).data, "Overwrite", name)
        assert "2 were left as they were" in olga.screen
    done = next(message for message in olga.chat if "1 new contact" in message.text)
    await olga.presses("Undo all", under=done)
    assert await olga.sees("are as before")
    assert await phones() == []
    async with desk.vault() as session:
        assert (await session.exec(select(Tag.name))).all() == ["old"]


async def test_what_was_taken_out_comes_in_again_and_changes_nothing(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await desk.newcomer("=cmd|' /C calc'!A0", last_name="O'Neil; -x").writes("Hello", to=olga)
    await brings(olga, "Name,Phone,Tags\nMaria,+4915123456789,roses\nSol Alone,,\n", "Take them in")
    before = [one.model_dump() for one in await people(desk)]
    for form, name in (("Table (CSV)", "contacts.csv"), ("vCard", "contacts.vcf")):
        await olga.writes("/contacts")
        await olga.presses("Take along")
        await olga.presses(form)
        await brings(olga, (await olga.receives_document()).data, "Overwrite", name)
        assert "4 were left as they were" in olga.screen
    assert [one.model_dump() for one in await people(desk)] == before


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"Name,Phone\n", "nobody in this file"),
        (b"Anna,+4915123456789\nBob,+4915123456780\n", "first line must name"),
        (b"PK\x03\x04rest", "Save the table as CSV"),
        (bytes(range(256)) * 9, "cannot read this file"),
        (b"Name\n" + b"Anna\n" * (tables.ROWS + 1), "too many people"),
        (b",".join(b"Name" for _ in range(99)) + b"\nAnna\n", "too many columns"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_refused_in_a_sentence(olga: Someone, data: bytes, sentence: str) -> None:
    await olga.writes(file=file(olga.desk, "clients.csv", data))
    assert sentence in olga.screen


async def test_an_agent_and_a_stranger_bring_nobody_in(desk: Desk, boris: Someone, mallory: Someone) -> None:
    for outsider in (boris, mallory):
        await outsider.writes("/contacts")
        assert not [label for label in outsider.buttons if "Bring in" in label]
        await outsider.writes(file=file(desk, "clients.csv", "Name\nMaria\n"))
        await outsider.presses_address(TakeIn(file=1, doubles="fill").pack())
    assert await people(desk) == []
    async with desk.vault() as session:
        assert (await session.exec(select(Job))).all() == []


async def test_a_screen_of_an_earlier_file_takes_nothing_in(desk: Desk, olga: Someone) -> None:
    await olga.writes(file=file(desk, "one.csv", "Name\nMaria\n"))
    await olga.presses("Go on")
    old = olga.newest
    await olga.writes(file=file(desk, "two.csv", "Name\nChen\n"))
    await olga.presses("Take them in", under=old)
    assert any("do not have this file" in message.text for message in olga.chat)
    assert await people(desk) == []


async def test_numbers_of_telegrams_own_are_kept_and_others_get_one_of_ours(desk: Desk, olga: Someone) -> None:
    await brings(olga, f"telegram_id,Name\n777000111,Maria\n{NOT_AT_TELEGRAM},Chen\n", "Take them in")
    assert [(one.telegram_id, one.name) for one in await people(desk)] == [
        (777000111, "Maria"),
        (NOT_AT_TELEGRAM, "Chen"),
    ]
    await brings(olga, f"telegram_id,Name\n{NOT_AT_TELEGRAM},Vera\nx,Chen\n", "Take them in")
    assert [one.name for one in await people(desk)] == ["Maria", "Chen", "Vera", "Chen"]
    assert "no Telegram id" in (await olga.receives_document()).data.decode()


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("utf-8", "Имя;Zoë"), ("utf-8-sig", "Имя"), ("utf-16", "Имя"), ("utf-16-le", "Name, Zoë"),
        ("cp1251", "Имя;Мария Орлова"), ("cp1252", "Zoë;Müller;Äpfel"),
    ],
)  # fmt: skip
def test_whatever_encoding_a_table_has_it_is_read(encoding: str, words: str) -> None:
    assert tables.decoded(words.encode(encoding)) == words


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_whatever_stands_between_cells_is_found(mark: str) -> None:
    data = io.StringIO()
    csv.writer(data, delimiter=mark).writerows([["Name", "Note"], ["Ann, Bob; Chen", "one\ntwo"], ["Zoë", ""]])
    table = tables.read(data.getvalue().encode())
    assert [(row.line, *row.cells) for row in table.rows] == [(2, "Ann, Bob; Chen", "one\ntwo"), (4, "Zoë", "")]


@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(str.encode)
    | st.text(max_size=80).map(lambda t: t.encode("utf-16"))
)
@example(b'"\xff')
@example(b"BEGIN:VCARD\nTEL;CHARSET=nonsense;ENCODING=QUOTED-PRINTABLE:=4\nEND:VCARD")
def test_any_bytes_are_a_table_or_a_clear_refusal(data: bytes) -> None:
    for given_ in (data, b"BEGIN:VCARD\r\n" + data + b"\r\nEND:VCARD", b"Name,Phone\r\n" + data):
        try:
            table = tables.read(given_)
        except Invalid as refusal:
            table = tables.Table((), ())
            assert refusal.field == "table"  # noqa: PT017  to be refused is as right as to be read
        assert all(len(row.cells) <= tables.COLUMNS for row in table.rows)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
@example("'=1")
@example("a;'=b")
@example("\n=1")
def test_what_we_have_made_harmless_comes_back_as_it_was(text: str) -> None:
    assert spreadsheet.plain(spreadsheet.cell(text)) == text


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp", "Cf"]), min_size=1, max_size=60
)


@given(NAMES, NAMES)
def test_every_card_that_we_write_we_read(first: str, last: str) -> None:
    one = Contact(telegram_id=7, first_name=first, last_name=last, name_key="", first_seen_at=NOW)
    ((_line, cells),) = cards.read(card(one, ["4915123456789", "4930123456"]).decode())
    found = dict(zip(cards.COLUMNS, cells or (), strict=True))
    assert (found[columns.FIRST], found[columns.LAST], found[columns.PHONE]) == (
        *(first, last),
        "+4915123456789\n+4930123456",
    )
