"""Writing through a client: once and only once, with files, and within what Telegram allows."""

from __future__ import annotations

import io

import pytest

from tests.sandbox.mtproto.town import Town, errors, functions


async def test_a_message_sent_again_under_its_random_id_is_sent_once(town: Town) -> None:
    olga = await town.signed_in()
    request = functions.messages.SendMessageRequest("anna", "only once", random_id=4711)

    await olga(request)
    again = await olga(request)

    assert [message.text for message in town.world.history(town.anna.id, town.olga.id)] == ["only once"]
    assert again.updates[0].random_id == 4711


async def test_formatted_text_reaches_the_world_as_it_was_meant(town: Town) -> None:
    olga = await town.signed_in()

    await olga.send_message("anna", "**bold** and `code`, 👋 [here](https://example.org)")

    (message,) = town.world.history(town.anna.id, town.olga.id)
    assert [(entity.type, entity.offset, entity.length, entity.url) for entity in message.entities] == [
        ("bold", 0, 4, None),
        ("code", 9, 4, None),
        ("text_link", 18, 4, "https://example.org"),
    ]


async def test_a_file_is_sent_and_comes_back_the_same(town: Town) -> None:
    olga = await town.signed_in()
    data = bytes(range(256)) * 700
    document = io.BytesIO(data)
    document.name = "offer.pdf"

    sent = await olga.send_file("anna", document, caption="The offer")

    (message,) = town.world.history(town.anna.id, town.olga.id)
    assert message.file is not None
    assert (message.text, message.file.name, message.file.data == data) == ("The offer", "offer.pdf", True)
    assert await sent.download_media(bytes) == data


async def test_what_telegram_refuses_is_refused(town: Town) -> None:
    olga = await town.signed_in()
    (anna_wrote,) = town.anna_writes("mine")
    sent = await olga.send_message("anna", "Hello")

    with pytest.raises(errors.MessageNotModifiedError):
        await olga.edit_message(sent, "Hello")
    with pytest.raises(errors.MessageAuthorRequiredError):
        await olga.edit_message("anna", anna_wrote.ids[town.olga.id], "yours")
    with pytest.raises(errors.MessageIdInvalidError):
        await olga.edit_message("anna", 999, "nobody's")
    with pytest.raises(errors.MessageTooLongError):
        await olga(functions.messages.SendMessageRequest("anna", "x" * 4097))
    with pytest.raises(errors.MessageEmptyError):
        await olga(functions.messages.SendMessageRequest("anna", " "))


async def test_a_deletion_is_for_both_sides(town: Town) -> None:
    olga = await town.signed_in()
    sent = await olga.send_message("anna", "wrong chat")

    affected = await olga.delete_messages("anna", [sent.id])

    assert affected[0].pts_count == 1
    assert town.world.history(town.anna.id, town.olga.id) == []
