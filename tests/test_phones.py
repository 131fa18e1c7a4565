"""Phones that clients write are found in all that they wrote, and kept on a press."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlmodel import select

from crm.phones import recognise
from handlers.buttons.contacts import ContactCard
from handlers.buttons.phones import DropPhone, PhoneList, PutPhone
from storage.contacts import Contact
from storage.messages import NUMBERED
from storage.phones import ContactPhone
from tests.people import Desk, Someone
from tests.test_export import rows, take_everything
from tests.test_fields import opens

FIRST, SECOND = "+442079460958", "+4930901820"


async def phones(desk: Desk) -> tuple[str | None, list[str]]:
    async with desk.vault() as session:
        contact = (await session.exec(select(Contact).where(Contact.first_name == "Anna"))).one()
        return contact.phone, sorted(await session.exec(select(ContactPhone.phone)))


@pytest.fixture
async def _written(olga: Someone, anna: Someone) -> None:
    """Anna has written two phones, long ago, and much since."""
    await anna.writes("Call me at +44 20 7946 0958, please", to=olga)
    await anna.writes("or in Berlin: +49 30 901820 (order 1234567 of 12.05.2024)", to=olga)
    for place in range(5):
        await anna.writes(f"and {place} more roses", to=olga)
    await olga.writes("ours is +44 20 7946 0000", to=anna)


@pytest.mark.usefixtures("_written")
async def test_a_phone_from_long_ago_is_put_on_the_card_and_taken_off_again(desk: Desk, olga: Someone) -> None:
    await opens(olga, ContactCard(id=1))
    assert "📞 Phones seen in messages · 2" in olga.buttons
    await olga.presses(f"📞 {SECOND} on the card")
    assert f"{SECOND}\u2069 is on the card now" in olga.screen
    assert await phones(desk) == (SECOND, [SECOND])
    await olga.presses("Undo")
    assert "off the card" in olga.screen
    assert await phones(desk) == (None, [])
    await olga.presses("Back")
    assert any(SECOND in label for label in olga.buttons)


@pytest.mark.usefixtures("_written")
async def test_another_phone_stands_beside_the_main_one_until_it_is_made_the_main_one_itself(
    desk: Desk, olga: Someone
) -> None:
    await opens(olga, PhoneList(id=1))
    assert [label.split(" · ")[0] for label in olga.buttons[:2]] == [f"📞 {SECOND}", f"📞 {FIRST}"]
    await olga.presses(FIRST)
    await olga.presses("More phones")
    await olga.presses(SECOND)
    assert (await phones(desk))[0] == FIRST
    await olga.presses("Make it the main one")
    assert (await phones(desk))[0] == SECOND
    await olga.presses("Undo")
    assert await phones(desk) == (FIRST, [FIRST, SECOND])
    await olga.presses("Undo")
    assert await phones(desk) == (FIRST, [FIRST])
    await olga.presses("More phones")
    await olga.presses(SECOND)
    await olga.presses("More phones")
    assert "No number was found beyond" in olga.screen
    await olga.presses("Back")
    assert FIRST in olga.screen
    assert SECOND in olga.screen
    assert not any("📞" in label for label in olga.buttons)
    await olga.writes("/contacts")
    await olga.presses("Find a person")
    await olga.writes("+49 30 901820")
    assert "last heard of" in olga.screen
    archive = await take_everything(olga)
    assert {row["phone"] for row in rows(archive, "contact_phones")} == {FIRST, SECOND}


@pytest.mark.usefixtures("_written")
async def test_what_is_looked_through_does_not_grow_with_a_history(desk: Desk) -> None:
    asked = f"SELECT * FROM messages WHERE conversation_id = 1 AND {NUMBERED} ORDER BY sent_at DESC"  # noqa: S608  ours
    async with desk.vault() as session:
        plan = (await (await session.connection()).execute(text(f"EXPLAIN QUERY PLAN {asked}"))).all()
    (step,) = plan
    assert "ix_messages_numbered" in step[-1]


@pytest.mark.usefixtures("_written")
async def test_a_button_whose_phone_is_gone_says_so(desk: Desk, olga: Someone, chen: Someone) -> None:
    await chen.writes("+44 20 7946 0999", to=olga)
    for one in (
        *(PutPhone(id=1, message=77), PutPhone(id=1, message=1, place=5), PutPhone(id=1, message=1, place=-1)),
        *(PutPhone(id=2, message=1), DropPhone(id=2, message=1, place=0), PhoneList(id=77)),
    ):
        await opens(olga, one)
        assert "on the card" not in olga.screen
    assert await phones(desk) == (None, [])


@pytest.mark.usefixtures("_written")
async def test_mallory_keeps_and_sees_no_phone(desk: Desk, mallory: Someone) -> None:
    await mallory.writes("/start")
    for one in (PhoneList(id=1), PutPhone(id=1, message=1), DropPhone(id=1, message=1)):
        answer = await mallory.presses_address(one.pack())
        assert answer is not None
        assert "not on this team" in answer.text
        assert "7946" not in mallory.screen
    assert await phones(desk) == (None, [])


@pytest.mark.parametrize(
    ("text", "account", "phone"),
    [
        ("my number is 030 901820", "491701234567", "+4930901820"),
        ("8 (912) 345-67-89", "79161234567", "+79123456789"),
        ("order 1234567", None, None),
        ("at 12:30 on 31.12.2026", "491701234567", None),
        ("call", "491701234567", None),
    ],
)
def test_a_phone_without_its_country_is_of_the_accounts_own(text: str, account: str | None, phone: str | None) -> None:
    assert recognise(text, account) == phone
