"""Clients reach the server over each transport, agree on a key, and find their way back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.sandbox.mtproto.town import Town, errors, functions, telethon, types

TRANSPORTS = [
    telethon.network.ConnectionTcpFull,
    telethon.network.ConnectionTcpAbridged,
    telethon.network.ConnectionTcpIntermediate,
]


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_client_connects_over_each_transport(town: Town, transport: Any) -> None:
    client = await town.client(connection=transport)

    config = await client(functions.help.GetConfigRequest())

    assert config.this_dc == town.server.dc_id
    assert config.dc_options[0].port == town.server.port


async def test_a_ping_is_answered(town: Town) -> None:
    client = await town.client()

    assert (await client(functions.PingRequest(ping_id=77))).ping_id == 77
    assert (await client(functions.PingDelayDisconnectRequest(ping_id=78, disconnect_delay=75))).ping_id == 78


async def test_a_batch_of_requests_travels_in_one_container(town: Town) -> None:
    client = await town.client()

    near, config = await client([functions.help.GetNearestDcRequest(), functions.help.GetConfigRequest()])

    assert near.this_dc == 2
    assert isinstance(config, types.Config)


async def test_a_request_after_a_refused_one_is_refused_as_well(town: Town) -> None:
    client = await town.signed_in()
    wrong = functions.contacts.ResolveUsernameRequest("nobody")

    with pytest.raises(errors.MultiError) as refused:
        await client([wrong, functions.updates.GetStateRequest()], ordered=True)

    assert isinstance(refused.value.exceptions[1], errors.MsgWaitFailedError)


async def test_an_outdated_salt_is_told_and_the_request_sent_again(town: Town) -> None:
    client = await town.client()
    town.server.rotate_salts()

    assert (await client(functions.help.GetNearestDcRequest())).this_dc == 2


async def test_a_long_request_comes_packed_and_a_long_answer_goes_packed(town: Town) -> None:
    client = await town.signed_in()

    sent = await client.send_message("me", "как снег на голову " * 200)

    assert (await client.get_messages("me", ids=sent.id)).raw_text == ("как снег на голову " * 200).strip()


async def test_a_client_comes_back_after_its_connection_was_cut(town: Town) -> None:
    client = await town.signed_in()
    town.server.cut()

    assert (await client.get_me()).id == town.olga.id


async def test_a_cut_in_place_of_an_answer_loses_nothing(town: Town) -> None:
    client = await town.signed_in()
    town.world.faults.on("mtproto_cut", method="messages.sendMessage", times=1)

    await client.send_message("me", "note to self")

    assert [message.text for message in town.world.history(town.olga.id, town.olga.id)] == ["note to self"]


async def test_an_answer_that_broke_off_is_given_again(town: Town) -> None:
    client = await town.signed_in()
    town.world.faults.on("mtproto_answer_cut", method="updates.getState", times=1)

    assert await client(functions.updates.GetStateRequest())
    assert town.world.faults.active() == ()


@pytest.mark.parametrize("seconds", [-3600, 3600])
async def test_a_client_whose_clock_is_wrong_learns_the_time(town: Town, seconds: float) -> None:
    client = await town.signed_in()
    town.world.faults.on("mtproto_clock", seconds=seconds)

    assert (await client.get_me()).id == town.olga.id
    town.world.faults.off()
    assert (await client.get_me()).id == town.olga.id


async def test_a_server_that_refuses_connections_is_tried_again(town: Town) -> None:
    client = await town.signed_in()
    town.world.faults.on("mtproto_refused", times=2)
    town.server.cut()

    assert (await client.get_me()).id == town.olga.id
    assert town.world.faults.active() == ()


async def test_clients_find_a_server_again_that_was_down(town: Town) -> None:
    client = await town.signed_in()
    port = town.server.port
    await town.server.stop()
    await town.server.start(port=port)

    assert (await client.get_me()).id == town.olga.id


async def test_a_saved_session_signs_in_again_by_itself(town: Town) -> None:
    first = await town.signed_in()
    session = first.session
    await first.disconnect()

    assert (await (await town.client(session)).get_me()).id == town.olga.id


async def test_a_key_that_the_server_does_not_know_is_refused(town: Town) -> None:
    client = await town.client()
    town.server.authorizations.clear()

    with pytest.raises((errors.AuthKeyNotFound, asyncio.CancelledError, ConnectionError)):
        await client(functions.help.GetConfigRequest())


async def test_a_connection_that_speaks_no_mtproto_is_closed(town: Town) -> None:
    reader, writer = await asyncio.open_connection(town.server.host, town.server.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: telegram\r\n\r\n")

    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
