"""Olga keeps what she wants to know of each client in fields of her own."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from aiogram.filters.callback_data import CallbackData
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from crm import members, values
from crm.access import enter
from crm.errors import Invalid
from handlers.buttons.fields import AskValue, ClearValue, FieldCard, FieldSheet, NewField, PutChoice, RemoveField
from handlers.language import speaking
from handlers.screens.values import notation
from storage.fields import CustomField, FieldValue
from tests.people import OLGA, Desk, Someone


def plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


async def opens(someone: Someone, screen: CallbackData) -> None:
    """On a message of its own, so that the screens before it stay."""
    await someone.writes("/home")
    await someone.presses_address(screen.pack())


async def makes(olga: Someone, kind: str, name: str, currency: str = "EUR") -> None:
    await olga.writes("/settings")
    await olga.presses("Fields")
    await olga.presses("New field")
    await olga.presses(kind)
    if kind == "Money":
        await olga.presses(currency)
    await olga.writes(name)


async def fills(olga: Someone, field: str, value: str, client: str = "Anna") -> None:
    await olga.writes("/contacts")
    await olga.presses(client)
    await olga.presses("🗂 Fields")
    await olga.presses(field)
    await olga.writes(value)


async def test_each_kind_of_field_is_made_filled_in_and_stands_on_the_card(olga: Someone, anna: Someone) -> None:
    await anna.writes("Do you have roses?", to=olga)
    for name, kind in (("Street", "Text"), ("Size", "Number"), ("Budget", "Money"), ("Birthday", "Date")):
        await makes(olga, kind, name)
    await fills(olga, "Street", "Rosenweg 5")
    await fills(olga, "Size", "1,234.5")
    await fills(olga, "Budget", "$1 200")
    await fills(olga, "Birthday", "3 May 1984")
    await olga.presses("Back")
    for line in ("Street: Rosenweg 5", "Size: 1,234.5", "Budget: $1,200", "Birthday: May 3, 1984"):
        assert line in plain(olga.screen)
    assert "🗂 Fields · 4" in olga.buttons


async def test_a_choice_and_yes_or_no_are_pressed(olga: Someone, anna: Someone) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await makes(olga, "Yes or no", "Newsletter")
    await olga.presses("New field")
    await olga.presses("Choice")
    await olga.writes("Colour")
    await olga.writes("red\nwhite\nred\n\npink")
    await olga.writes("/contacts")
    await olga.presses("Anna")
    await olga.presses("🗂 Fields")
    await olga.presses("Newsletter")
    await olga.presses("Yes")
    await olga.presses("Colour")
    assert olga.buttons[:3] == ["red", "white", "pink"]
    await olga.presses("white")
    assert "Newsletter: yes" in plain(olga.screen)
    assert "Colour: white" in plain(olga.screen)
    await olga.presses("Colour")
    await olga.presses("Empty it")
    assert "white" not in olga.screen


async def test_what_does_not_fit_is_said_clearly_and_asked_for_again(olga: Someone, anna: Someone) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await makes(olga, "Number", "Size")
    await makes(olga, "Date", "Birthday")
    await makes(olga, "Money", "Budget")
    await fills(olga, "Size", "large")
    assert "This is not a number" in olga.screen
    await olga.writes("42")
    assert "Size: 42" in plain(olga.screen)
    await fills(olga, "Birthday", "31.2.1984")
    assert "This is not a day" in olga.screen
    await fills(olga, "Budget", "200 shells")
    assert "I do not know this currency" in olga.screen
    await olga.writes("200 euros")
    assert "Budget: €200" in plain(olga.screen)


async def test_a_reader_of_russian_writes_and_reads_in_russian(olga: Someone, anna: Someone) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await makes(olga, "Money", "Budget", "RUB")
    await makes(olga, "Date", "Birthday")
    await olga.writes("/language")
    await olga.presses("Русский")
    await olga.writes("/contacts")
    await olga.presses("Anna")
    await olga.presses("🗂")
    await olga.presses("Budget")
    await olga.writes("12 500,50 руб.")
    await olga.presses("Birthday")
    await olga.writes("3 мая 1984")
    assert "Budget: 12 500,50 ₽" in plain(olga.screen).replace("\xa0", " ")
    assert "Birthday: 3 мая 1984" in plain(olga.screen).replace("\xa0", " ")


async def test_a_removed_field_comes_back_within_a_day_with_all_that_stood_in_it(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await makes(olga, "Text", "Street")
    await fills(olga, "Street", "Rosenweg 5")
    await olga.presses_address(FieldCard(id=1).pack())
    await olga.presses("Remove")
    assert "What stands in it for 1 contact goes, too" in olga.screen
    await olga.presses("Remove")
    removed = olga.newest
    await opens(olga, FieldSheet(contact=1))
    assert "Rosenweg" not in olga.screen
    await olga.presses("Bring it back", under=removed)
    await opens(olga, FieldSheet(contact=1))
    assert "Rosenweg" in olga.screen
    await opens(olga, RemoveField(id=1, sure=True))
    desk.world.clock.advance(timedelta(days=2))
    await desk.app.schedule.run("removed fields")
    async with desk.vault() as session:
        assert (await session.exec(select(CustomField))).all() == []
        assert (await session.exec(select(FieldValue))).all() == []


async def test_the_board_shows_what_a_money_field_comes_to_in_each_stage(
    olga: Someone, anna: Someone, chen: Someone
) -> None:
    for client in (anna, chen):
        await client.writes("Do you have roses?", to=olga)
    await makes(olga, "Money", "Budget")
    await fills(olga, "Budget", "1,200", "Anna")
    await fills(olga, "Budget", "300.50", "Chen")
    await olga.writes("/board")
    await olga.presses("Begin with these")
    for name in ("Anna", "Chen"):
        await olga.writes("/contacts")
        await olga.presses(name)
        await olga.presses("📊")
        await olga.presses("In talks")
    await olga.presses_address(FieldCard(id=1).pack())
    await olga.presses("Sums on the board")
    await olga.writes("/board")
    assert "In talks · 2 · €1,500.50" in olga.buttons


async def test_a_hostile_name_and_value_are_shown_as_what_they_are(olga: Someone, anna: Someone) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await makes(olga, "Text", "<b>&{name}")
    await fills(olga, "{name}", "<a href='x'>{0}</a> \u202eevil")
    await olga.presses("Back")
    assert "<b>&{name}: <a href='x'>{0}</a> evil" in plain(olga.screen)


async def test_an_agent_fills_fields_in_and_a_viewer_only_reads_them(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone, vera: Someone
) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await makes(olga, "Text", "Street")
    await boris.writes("/start")
    await fills(boris, "Street", "Rosenweg 5")
    assert "Rosenweg 5" in boris.screen
    assert not any("Change" in label for label in boris.buttons)
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await members.set_role(seat, vera.id, "viewer")
    await vera.writes("/start")
    await vera.presses_address(FieldSheet(contact=1).pack())
    assert "Rosenweg 5" in vera.screen
    assert vera.buttons == ["‹ Back"]


async def test_mallory_reads_and_writes_no_field(desk: Desk, olga: Someone, anna: Someone, mallory: Someone) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await makes(olga, "Text", "Street")
    await fills(olga, "Street", "Rosenweg 5")
    await mallory.writes("/start")
    buttons = (FieldSheet(contact=1), AskValue(contact=1, id=1), ClearValue(contact=1, id=1), NewField())
    for one in (*buttons, PutChoice(contact=1, id=1, choice=1)):
        answer = await mallory.presses_address(one.pack())
        assert answer is not None
        assert "not on this team" in answer.text
    await mallory.writes("Schloss")
    assert not any("Rosenweg" in message.text for message in mallory.chat)
    async with desk.vault() as session:
        assert [one.text for one in await session.exec(select(FieldValue))] == ["Rosenweg 5"]


@pytest.mark.parametrize(
    ("typed", "point", "meant"),
    [
        ("1,5", ".", "1.5"),
        ("1.5", ",", "1.5"),
        ("1,500", ".", "1500"),
        ("1,500", ",", "1.5"),
        ("1 200,50", ".", "1200.5"),
        ("1.200,50", ".", "1200.5"),
        ("1,200,300", ",", "1200300"),
        ("12'000.5", ",", "12000.5"),
        ("\u22123", ".", "-3"),
    ],
)
def test_a_number_is_read_in_whatever_notation_it_is_written(typed: str, point: str, meant: str) -> None:
    assert values.number(typed, point) == Decimal(meant)


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("en", "€1,200.50", ("1200.5", "EUR")),
        ("en", "1200", ("1200", "EUR")),
        ("en", "five", None),
        ("ru", "1 200 руб.", ("1200", "RUB")),
        ("ru", "3000 ₴", ("3000", "UAH")),
        ("ru", "20 долларов", None),
        ("ru", "20 usd", ("20", "USD")),
    ],
)
def test_money_is_read_with_its_sign_its_letters_or_its_word(
    language: str, typed: str, meant: tuple[str, str] | None
) -> None:
    with speaking(language):
        reads = notation()
    if meant is None:
        with pytest.raises(Invalid):
            values.money(typed, reads.point, reads.currencies, "EUR")
    else:
        amount, currency = meant
        assert values.money(typed, reads.point, reads.currencies, "EUR") == (Decimal(amount), currency)


@given(st.text(max_size=20) | st.from_regex(r"[0-9 .,'+-]{1,20}"))
def test_whatever_is_written_is_a_value_or_refused_with_a_reason(text: str) -> None:
    refused = set()
    for read in (
        lambda: values.number(text, "."),
        lambda: values.money(text, ",", {"€": "EUR"}, "EUR"),
        lambda: values.day(text, date(2026, 5, 3)),
    ):
        try:
            read()
        except Invalid as error:
            refused.add(error.reason)
    assert refused <= {"number", "money", "currency", "too_large", "day"}
