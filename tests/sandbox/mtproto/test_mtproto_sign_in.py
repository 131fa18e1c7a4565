"""Signing in as people do it: by code, by QR, with a second password; and being signed out."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from sandbox.world import Refused
from tests.sandbox.mtproto.town import PAST_ANY_WAIT, Town, errors, functions


async def test_olga_signs_in_with_the_code_on_her_phone(town: Town) -> None:
    client = await town.client()
    assert await client.get_me() is None

    await town.sign_in(client, town.olga)

    me = await client.get_me()
    assert (me.id, me.first_name, me.phone, me.is_self) == (town.olga.id, "Olga", "49151000001", True)


async def test_a_wrong_code_is_refused_and_the_right_one_still_good(town: Town) -> None:
    client = await town.client()
    await client.send_code_request(town.olga.phone)
    right = town.server.codes["49151000001"]

    with pytest.raises(errors.PhoneCodeInvalidError):
        await client.sign_in(town.olga.phone, f"{(int(right) + 1) % 100_000:05}")
    await client.sign_in(town.olga.phone, right)

    assert await client.is_user_authorized()


async def test_too_many_wrong_codes_must_wait(town: Town) -> None:
    client = await town.client()
    await client.send_code_request(town.olga.phone)
    wrong = f"{(int(town.server.codes['49151000001']) + 1) % 100_000:05}"

    for _ in range(5):
        with pytest.raises(errors.PhoneCodeInvalidError):
            await client.sign_in(town.olga.phone, wrong)
    with pytest.raises(errors.FloodWaitError):
        await client.sign_in(town.olga.phone, wrong)


async def test_a_code_runs_out(town: Town) -> None:
    client = await town.client()
    await client.send_code_request(town.olga.phone)
    town.world.clock.advance(timedelta(minutes=6))

    with pytest.raises(errors.PhoneCodeExpiredError):
        await client.sign_in(town.olga.phone, town.server.codes["49151000001"])


async def test_a_code_typed_into_a_chat_is_void(town: Town) -> None:
    client = await town.client()
    await client.send_code_request(town.olga.phone)
    code = town.server.codes["49151000001"]
    town.world.send(town.olga.id, town.anna.id, f"my code is {code}, why?")

    with pytest.raises(errors.PhoneCodeExpiredError):
        await client.sign_in(town.olga.phone, code)


async def test_numbers_that_are_none_or_have_no_account_are_told_apart(town: Town) -> None:
    client = await town.client()

    with pytest.raises(errors.PhoneNumberInvalidError):
        await client.send_code_request("+12")
    await client.send_code_request("+49151999999")
    with pytest.raises(errors.PhoneNumberUnoccupiedError):
        await client.sign_in("+49151999999", town.server.codes["49151999999"])


async def test_the_second_password_is_asked_for_and_proven(town: Town) -> None:
    town.world.change_person(town.olga.id, password="correct horse")
    client = await town.client()

    with pytest.raises(errors.SessionPasswordNeededError):
        await town.sign_in(client, town.olga)
    assert await client.get_me() is None
    with pytest.raises(errors.PasswordHashInvalidError):
        await client.sign_in(password="wrong horse")
    await client.sign_in(password="correct horse")

    assert (await client.get_me()).id == town.olga.id


async def test_olga_scans_the_code_on_the_screen(town: Town) -> None:
    client = await town.client()
    shown = await client.qr_login()

    async with asyncio.TaskGroup() as both:
        waiting = both.create_task(shown.wait(PAST_ANY_WAIT))
        await asyncio.sleep(0)  # the wait has begun
        assert town.server.newest_login_token() == shown.token
        town.server.accept_login_token(shown.url, town.olga.id)

    assert waiting.result().id == town.olga.id
    assert (await client.get_me()).id == town.olga.id
    assert town.server.newest_login_token() is None


async def test_after_the_scan_the_second_password_is_asked_for(town: Town) -> None:
    town.world.change_person(town.olga.id, password="correct horse")
    client = await town.client()
    shown = await client.qr_login()
    town.server.accept_login_token(shown.token, town.olga.id)

    with pytest.raises(errors.SessionPasswordNeededError):
        await shown.recreate()
    await client.sign_in(password="correct horse")

    assert (await client.get_me()).id == town.olga.id


async def test_a_code_on_the_screen_runs_out_and_is_drawn_anew(town: Town) -> None:
    client = await town.client()
    shown = await client.qr_login()
    old = shown.token
    town.world.clock.advance(timedelta(seconds=31))

    assert town.server.newest_login_token() is None
    with pytest.raises(Refused, match="AUTH_TOKEN_EXPIRED"):
        town.server.accept_login_token(old, town.olga.id)
    await shown.recreate()

    assert shown.token != old
    assert town.server.newest_login_token() == shown.token


async def test_a_phone_that_is_signed_in_lets_another_device_in(town: Town) -> None:
    phone, desk = await town.signed_in(), await town.client(device_model="Wysper")
    shown = await desk.qr_login()

    device = await phone(functions.auth.AcceptLoginTokenRequest(shown.token))
    await shown.recreate()

    assert device.device_model == "Wysper"
    assert (await desk.get_me()).id == town.olga.id


async def test_olga_sees_her_devices_and_throws_one_out(town: Town) -> None:
    phone, desk = await town.signed_in(), await town.signed_in(device_model="Wysper")

    devices = (await phone(functions.account.GetAuthorizationsRequest())).authorizations
    stranger = next(device for device in devices if not device.current)
    await phone(functions.account.ResetAuthorizationRequest(stranger.hash))

    assert [device.device_model for device in devices] == ["Test bench", "Wysper"]
    with pytest.raises(errors.AuthKeyUnregisteredError):
        await desk.get_dialogs()
    assert await phone.is_user_authorized()


async def test_whoever_is_revoked_is_told_at_the_next_request(town: Town) -> None:
    client = await town.signed_in()
    assert len(town.server.sessions_of(town.olga.id)) == 1

    town.server.revoke(town.olga.id)

    with pytest.raises(errors.AuthKeyUnregisteredError):
        await client.get_dialogs()
    assert town.server.sessions_of(town.olga.id) == []


async def test_a_revoked_session_can_be_switched_on_as_a_fault(town: Town) -> None:
    client = await town.signed_in()
    town.world.faults.on("session_revoked", times=1)

    for _ in range(2):  # it stays so after the fault has struck
        with pytest.raises(errors.AuthKeyUnregisteredError):
            await client.get_dialogs()


async def test_olga_signs_out(town: Town) -> None:
    client = await town.signed_in()

    assert await client.log_out()
    assert town.server.sessions_of(town.olga.id) == []
