"""The files of mirrored messages, fetched through the userbot."""

from __future__ import annotations

import pytest

from crm.errors import NotNow
from storage.media import Media
from tests.people import OLGA
from tests.userbot.shop import WORKSPACE, Shop

PRICES = bytes(range(256)) * 5000  # 1.28 MB: three pieces


async def _fetched(shop: Shop, media: Media) -> bytes:
    return b"".join([piece async for piece in shop.userbots.fetch(WORKSPACE, OLGA, media)])


async def test_a_document_comes_whole_in_pieces(shop: Shop) -> None:
    file = shop.world.store_file(PRICES, name="prices.pdf", mime="application/pdf")
    shop.writes(shop.anna, "Our prices", file=file)
    await shop.is_mirrored()
    [media] = await shop.media()
    assert (media.kind, media.name, media.mime, media.size) == ("document", "prices.pdf", "application/pdf", 1280000)
    assert await _fetched(shop, media) == PRICES


async def test_a_reference_that_has_expired_is_asked_for_anew(shop: Shop) -> None:
    photo = shop.world.store_file(b"\x89PNG" * 40_000, "photo", width=800, height=600)
    shop.writes(shop.anna, "", file=photo)
    await shop.is_mirrored()
    shop.server.expire_file_references()
    [media] = await shop.media()
    assert await _fetched(shop, media) == b"\x89PNG" * 40_000


async def test_a_file_whose_message_is_gone_cannot_be_fetched(shop: Shop) -> None:
    [sent] = shop.writes(shop.anna, "", file=shop.world.store_file(b"abc", name="a.txt"))
    await shop.is_mirrored()
    [media] = await shop.media()
    shop.world.delete([sent.uid], by=shop.anna.id)
    shop.server.expire_file_references()
    with pytest.raises(NotNow) as refused:
        await _fetched(shop, media)
    assert refused.value.reason == "unreachable"


async def test_without_a_connected_device_no_road_leads_to_a_file(shop: Shop) -> None:
    shop.writes(shop.anna, "", file=shop.world.store_file(b"abc", name="a.txt"))
    await shop.is_mirrored()
    [media] = await shop.media()
    await shop.userbots.halt(WORKSPACE)
    with pytest.raises(NotNow):
        await _fetched(shop, media)


async def test_a_flood_wait_in_the_middle_of_a_file_is_waited_out(shop: Shop) -> None:
    shop.writes(shop.anna, "", file=shop.world.store_file(PRICES, name="prices.pdf"))
    await shop.is_mirrored()
    [media] = await shop.media()
    shop.world.faults.on("mtproto_flood", seconds=1, times=1, method="upload.getFile")
    assert await _fetched(shop, media) == PRICES
