"""Reactions, quotes, forwards and media that destroys itself, as an unmodified client meets them."""

from __future__ import annotations

import pytest

from sandbox.world import VIEW_ONCE, Quote
from tests.sandbox.mtproto.town import Heard, Town, errors, events, functions, types

THUMB = types.ReactionEmoji("👍")


async def test_a_reaction_is_told_to_the_other_side_twice_and_hides_that_it_is_an_edit(town: Town) -> None:
    olga, anna = await town.signed_in(), await town.signed_in(town.anna)
    town.anna_writes("Is it ready?")
    heard = Heard(anna, events.Raw((types.UpdateMessageReactions, types.UpdateEditMessage)))

    await olga(functions.messages.SendReactionRequest("anna", 1, reaction=[THUMB]))

    bare, edit = await heard.next(), await heard.next()
    assert bare.reactions.results[0].reaction.emoticon == "👍"
    assert (edit.message.edit_hide, edit.message.message) == (True, "Is it ready?")
    assert edit.message.reactions.recent_reactions[0].peer_id.user_id == town.olga.id
    (mine,) = await olga.get_messages("anna")
    assert mine.reactions.results[0].chosen_order == 0
    with pytest.raises(errors.MessageNotModifiedError):
        await olga(functions.messages.SendReactionRequest("anna", 1, reaction=[THUMB]))


async def test_a_reaction_that_was_taken_back_is_gone_from_history(town: Town) -> None:
    (question,) = town.anna_writes("Is it ready?")
    town.world.react(question.uid, 5368324170671202286, by=town.olga.id)
    olga = await town.signed_in()
    (one,) = await olga.get_messages("anna")
    assert one.reactions.results[0].reaction.document_id == 5368324170671202286
    await olga(functions.messages.SendReactionRequest("anna", 1, reaction=[]))
    (one,) = await olga.get_messages("anna")
    assert (one.reactions, one.edit_hide) == (None, True)


async def test_a_quote_and_an_origin_come_with_their_messages(town: Town) -> None:
    (question,) = town.anna_writes("The blue one or the red one?")
    town.world.send(town.olga.id, town.anna.id, "This", reply_to=question.uid, quote=Quote("the red one", 16))
    town.world.forward(question.uid, by=town.olga.id, to=town.chen.id)
    olga = await town.signed_in()
    answer, asked = await olga.get_messages("anna", limit=2)
    assert (answer.reply_to.quote_text, answer.reply_to.reply_to_msg_id) == ("the red one", asked.id)
    (forwarded,) = await olga.get_messages(town.chen.phone)
    assert forwarded.fwd_from.from_id.user_id == town.anna.id


async def test_what_may_not_be_forwarded_is_not(town: Town) -> None:
    town.world.protect(town.olga.id, town.anna.id)
    town.anna_writes("Between us")
    olga = await town.signed_in()
    (secret,) = await olga.get_messages("anna")
    assert secret.noforwards
    with pytest.raises(errors.ChatForwardsRestrictedError):
        await olga.forward_messages("me", secret)


async def test_media_that_destroys_itself_says_after_how_long(town: Town) -> None:
    photo = town.world.store_file(b"\xff\xd8 face", "photo", width=9, height=9)
    town.world.send(town.anna.id, town.olga.id, file=photo, ttl=VIEW_ONCE)
    olga = await town.signed_in()
    (one,) = await olga.get_messages("anna")
    assert one.media.ttl_seconds == VIEW_ONCE
