"""Arrival: the first person of an installation, the invited, and those whom nobody asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from crm import members, zones
from crm.access import enter
from handlers.buttons.start import Agree
from storage.consents import Consent
from storage.dialogs import Dialog
from storage.memberships import Invitation
from storage.people import Person
from tests.people import Desk, Someone

WALL = "You are not on this team. If you should be, ask its owner for an invitation link."


async def claim(desk: Desk) -> str:
    return await members.claim_code(desk.app.installation)


async def agrees(newcomer: Someone) -> None:
    await newcomer.presses("English")
    await newcomer.presses("I agree")


async def test_the_first_person_claims_the_installation_and_opens_a_workspace(empty_desk: Desk) -> None:
    await empty_desk.start()
    olga = empty_desk.people["Olga"]
    await olga.writes(f"/start claim_{await claim(empty_desk)}")
    assert "Which language" in olga.screen
    await olga.presses("English")
    assert "What Wysper keeps" in olga.screen
    await olga.presses("I agree")
    assert "What is your business called?" in olga.screen
    await olga.writes("  Olga's   Flowers ")
    assert "Olga's Flowers" in olga.screen
    await olga.presses("London")
    assert "London" in olga.screen
    await olga.presses("Connect an account")
    assert "Connected accounts" in olga.screen
    await olga.writes("/start")
    assert "No account is connected yet" in olga.screen


async def test_the_agreement_is_kept_with_its_version_and_time(empty_desk: Desk) -> None:
    await empty_desk.start()
    olga = empty_desk.people["Olga"]
    await olga.writes(f"/start claim_{await claim(empty_desk)}")
    await agrees(olga)
    async with empty_desk.app.installation.registry.reading() as session:
        given = {one.what: one.version for one in await session.exec(select(Consent))}
    assert given == {"policy": "1", "adult": "1"}


async def test_a_newcomer_reads_every_clause_before_he_agrees(empty_desk: Desk) -> None:
    await empty_desk.start()
    olga = empty_desk.people["Olga"]
    await olga.writes(f"/start claim_{await claim(empty_desk)}")
    await olga.presses("English")
    await olga.presses("Read the whole policy")
    for clause in ("1. Information We Collect", "5. Data Retention", "14. Legal Basis"):
        await olga.presses(clause)
        assert clause in olga.screen
        await olga.presses("Back")
    await olga.presses("Back")
    assert "I agree, and I am 18 or older" in olga.buttons


async def test_who_does_not_agree_leaves_no_trace_and_the_code_stays_good(empty_desk: Desk) -> None:
    await empty_desk.start()
    olga = empty_desk.people["Olga"]
    code = await claim(empty_desk)
    await olga.writes(f"/start claim_{code}")
    await olga.presses("English")
    await olga.presses("No, thank you")
    assert olga.buttons == ["I have changed my mind"]
    async with empty_desk.app.installation.registry.reading() as session:
        assert not list(await session.exec(select(Person)))
        assert not list(await session.exec(select(Dialog)))
    await olga.presses("I have changed my mind")
    assert "Which language" in olga.screen
    await olga.writes(code)
    assert "Which language" in olga.screen


async def test_a_claim_is_good_once_and_for_one_person(empty_desk: Desk) -> None:
    await empty_desk.start()
    code = await claim(empty_desk)
    olga, mallory = empty_desk.people["Olga"], empty_desk.people["Mallory"]
    await olga.writes(f"/start claim_{code}")
    await mallory.writes(f"/start claim_{code}")
    await agrees(olga)
    await mallory.presses("English")
    assert "What is your business called?" in olga.screen
    assert "You are not on this team" in mallory.alert


async def test_a_new_claim_makes_the_one_before_void(empty_desk: Desk) -> None:
    await empty_desk.start()
    olga = empty_desk.people["Olga"]
    old = await claim(empty_desk)
    await claim(empty_desk)
    await olga.writes(f"/start claim_{old}")
    assert "You are not on this team" in olga.screen


async def test_a_stranger_meets_a_polite_wall_and_leaves_no_trace(desk: Desk, mallory: Someone) -> None:
    for attempt in ("/start", "/start join_" + "x" * 22, "x" * 22, "hello", "/contacts", "/export", "/deleteaccount"):
        await mallory.writes(attempt)
        assert mallory.screen == WALL
    async with desk.app.installation.registry.reading() as session:
        assert await session.get(Person, mallory.id) is None
        assert not list(await session.exec(select(Dialog)))


async def test_a_forged_agreement_lets_nobody_in(desk: Desk, mallory: Someone) -> None:
    await mallory.writes("/start")
    await mallory.presses_address(Agree(yes=True).pack())
    assert "You are not on this team" in mallory.alert
    async with desk.app.installation.registry.reading() as session:
        assert await session.get(Person, mallory.id) is None


async def test_a_newcomer_may_write_his_city_at_once(empty_desk: Desk) -> None:
    await empty_desk.start()
    olga = empty_desk.people["Olga"]
    await olga.writes(f"/start claim_{await claim(empty_desk)}")
    await agrees(olga)
    await olga.writes("Olga's Flowers")
    assert {"Berlin", "Paris", "Madrid"} <= set(olga.buttons)
    await olga.writes("Lisbon")
    assert "Lisbon, where it is" in olga.screen
    await olga.presses("Later")
    assert "No account is connected yet" in olga.screen


async def test_a_city_is_found_however_it_is_written(olga: Someone) -> None:
    await olga.writes("/settings")
    await olga.presses("Time zone")
    await olga.writes("somewhere nice")
    assert "I do not know that place" in olga.screen
    await olga.writes("BERLIN")
    assert "Berlin" in olga.screen
    await olga.writes("/settings")
    await olga.presses("Time zone")
    await olga.writes("+5:30")
    await olga.presses("Kolkata")
    await olga.presses("Back")
    assert "Kolkata" in olga.screen


@pytest.mark.parametrize(
    ("language", "city", "zone"),
    [("uk", "Київ", "Europe/Kyiv"), ("de", "Kiew", "Europe/Kyiv"), ("ru", "калькутта", "Asia/Kolkata")],
)
def test_a_city_whose_zone_was_renamed_is_found_in_ones_own_language(language: str, city: str, zone: str) -> None:
    assert zones.find(city, language, datetime(2026, 5, 12, tzinfo=UTC)) == (zone,)


async def test_where_sign_up_is_open_anybody_opens_a_workspace(empty_desk: Desk) -> None:
    operator = empty_desk.config.operator.model_copy(update={"open_sign_up": True})
    empty_desk.config = empty_desk.config.model_copy(update={"operator": operator})
    await empty_desk.start()
    anna = empty_desk.people["Anna"]
    await anna.writes("/start")
    await agrees(anna)
    await anna.writes("Anna's Bakery")
    assert "Anna's Bakery" in anna.screen


async def test_a_code_is_nowhere_kept_as_it_is(empty_desk: Desk) -> None:
    await empty_desk.start()
    code = await claim(empty_desk)
    async with empty_desk.app.installation.registry.reading() as session:
        assert code not in repr(list(await session.exec(select(Invitation))))


async def test_who_writes_start_once_more_goes_on_where_he_stopped(empty_desk: Desk) -> None:
    await empty_desk.start()
    olga = empty_desk.people["Olga"]
    await olga.writes(f"/start claim_{await claim(empty_desk)}")
    await olga.writes("/start")
    assert "Which language" in olga.screen
    await olga.presses("Русский")
    terms = olga.screen
    for detour in ("/start", "/help", "hello?", "/cancel"):
        await olga.writes(detour)
        assert olga.screen == terms
    await olga.presses("Принимаю")
    for detour in ("/start", "/help", "/cancel"):
        await olga.writes(detour)
        assert "Как называется" in olga.screen
    await olga.writes("Olga's Flowers")
    assert "Olga's Flowers" in olga.screen


async def test_an_invitation_taken_back_meanwhile_leads_nowhere(desk: Desk, olga: Someone, mallory: Someone) -> None:
    async with enter(desk.app.installation, olga.id, 1) as her_desk:
        code = await members.invite(her_desk, "agent")
        await mallory.writes(f"/start join_{code}")
        assert "Which language" in mallory.screen
        await members.revoke(her_desk, members.digest(code)[:16])
    await mallory.writes("/start")
    assert mallory.screen == WALL


async def test_a_stranger_reads_the_policy_and_finds_back(mallory: Someone) -> None:
    await mallory.writes("/privacy")
    await mallory.presses("The whole policy")
    await mallory.presses("Back")
    assert "Wysper keeps nothing about you" in mallory.screen


async def test_nothing_that_a_stranger_writes_or_presses_is_answered_with_more_than_the_wall(
    olga: Someone, mallory: Someone
) -> None:
    await olga.writes("/settings")
    rows = (olga.newest.markup or {})["inline_keyboard"]
    addresses = [str(one["callback_data"]) for row in rows for one in row]
    await mallory.writes("/start")
    for address in (*addresses, "nonsense", "uc:1", "x" * 64):
        await mallory.presses_address(address)
        assert mallory.alert == WALL
    for words in ("/team", "/settings", "/status", "/cancel", "/start bizChat1", "/start account_x", "/nosuch"):
        await mallory.writes(words)
        assert "Olga" not in mallory.screen
