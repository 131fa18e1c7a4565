from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sandbox.mtproto import MTProto
from sandbox.world import World
from tests.sandbox.mtproto.town import Town, telethon


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    world = World()
    server = MTProto(world)
    await server.start()
    telethon.crypto.rsa.add_key(server.public_key, old=False)
    olga = world.add_person("Olga", "Ivanova", phone="+49151000001", username="olga")
    anna = world.add_person("Anna", phone="+49151000002", username="anna")
    chen = world.add_person("Chen", phone="+49151000003")
    town = Town(world, server, olga, anna, chen)
    yield town
    for client in town.clients:
        await client.disconnect()
    await server.stop()
