"""A bot changes what it shows to one member of a group alone, or takes it away; sending is done as with all else."""

from __future__ import annotations

from aiogram import methods

from sandbox.bot_api.calls import Caller
from sandbox.bot_api.formatting import formatted
from sandbox.bot_api.markups import checked_markup
from sandbox.bot_api.sending import checked_text, peer_of, plain


def edit_ephemeral_message_text(caller: Caller, call: methods.EditEphemeralMessageText) -> bool:
    text, entities = checked_text(formatted(call.text, plain(call.parse_mode), call.entities))
    return _edit(caller, call, text=text, entities=entities)


def edit_ephemeral_message_reply_markup(caller: Caller, call: methods.EditEphemeralMessageReplyMarkup) -> bool:
    return _edit(caller, call)


def _edit(
    caller: Caller, call: methods.EditEphemeralMessageText | methods.EditEphemeralMessageReplyMarkup, **changes: object
) -> bool:
    group_id, markup = peer_of(caller, call.chat_id), checked_markup(call.reply_markup)
    caller.bot.spend(group_id)
    caller.world.edit_ephemeral(
        group_id, call.receiver_user_id, call.ephemeral_message_id, by=caller.bot_id, markup=markup, **changes
    )
    return True


def delete_ephemeral_message(caller: Caller, call: methods.DeleteEphemeralMessage) -> bool:
    group_id = peer_of(caller, call.chat_id)
    caller.world.delete_ephemeral(group_id, call.receiver_user_id, call.ephemeral_message_id, by=caller.bot_id)
    return True
