"""What a bot does with a forum: topics, pins, reactions; and how it leaves."""

from __future__ import annotations

from aiogram import methods, types

from sandbox.bot_api.calls import Caller
from sandbox.bot_api.sending import peer_of
from sandbox.world import Message, Refused, Topic

# Bot API, ReactionTypeEmoji: what may stand under a message
_SIGNS = """
    ❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌
    🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘
    🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡
"""
EMOJI = frozenset(_SIGNS.split())


def create_forum_topic(caller: Caller, call: methods.CreateForumTopic) -> types.ForumTopic:
    """Open a topic; it counts as a message."""
    group_id = _group(caller, call.chat_id)
    emoji = call.icon_custom_emoji_id
    made = caller.world.create_topic(group_id, call.name, by=caller.bot_id, colour=call.icon_color, emoji_id=emoji)
    return _shown(made)


def _shown(topic: Topic) -> types.ForumTopic:
    return types.ForumTopic(
        message_thread_id=topic.id, name=topic.name, icon_color=topic.colour, icon_custom_emoji_id=topic.emoji_id
    )


def edit_forum_topic(caller: Caller, call: methods.EditForumTopic) -> bool:
    """Name a topic anew; it leaves a notice, and so counts."""
    group_id = _group(caller, call.chat_id)
    emoji = call.icon_custom_emoji_id
    caller.world.edit_topic(group_id, call.message_thread_id, name=call.name, emoji_id=emoji, by=caller.bot_id)
    return True


def close_forum_topic(caller: Caller, call: methods.CloseForumTopic) -> bool:
    caller.world.close_topic(_group(caller, call.chat_id), call.message_thread_id, by=caller.bot_id)
    return True


def reopen_forum_topic(caller: Caller, call: methods.ReopenForumTopic) -> bool:
    caller.world.reopen_topic(_group(caller, call.chat_id), call.message_thread_id, by=caller.bot_id)
    return True


def delete_forum_topic(caller: Caller, call: methods.DeleteForumTopic) -> bool:
    caller.world.delete_topic(_group(caller, call.chat_id), call.message_thread_id, by=caller.bot_id)
    return True


def pin_chat_message(caller: Caller, call: methods.PinChatMessage) -> bool:
    """Pin a message of a group; the notice of it counts."""
    message = _message(caller, call.chat_id, call.message_id, "message to pin not found")
    _group(caller, call.chat_id)
    caller.world.pin(message.uid, by=caller.bot_id)
    return True


def unpin_chat_message(caller: Caller, call: methods.UnpinChatMessage) -> bool:
    """Take out one pin, or the last one."""
    group = caller.world.group(peer_of(caller, call.chat_id))
    if call.message_id:
        uid = _message(caller, call.chat_id, call.message_id, "message to unpin not found").uid
    elif group.pinned:
        uid = group.pinned[-1]
    else:
        raise Refused.bad_request("message to unpin not found")
    caller.world.unpin(uid, by=caller.bot_id)
    return True


def unpin_all_forum_topic_messages(caller: Caller, call: methods.UnpinAllForumTopicMessages) -> bool:
    """Take out every pin of one topic."""
    group = caller.world.group(peer_of(caller, call.chat_id))
    for uid in [uid for uid in group.pinned if caller.world.messages[uid].topic == call.message_thread_id]:
        caller.world.unpin(uid, by=caller.bot_id)
    return True


def set_message_reaction(caller: Caller, call: methods.SetMessageReaction) -> bool:
    """Put one reaction under a message, or take one's own away. Refuses what no reaction is made of."""
    message = _message(caller, call.chat_id, call.message_id, "message to react not found")
    signs = [one.emoji for one in call.reaction or () if isinstance(one, types.ReactionTypeEmoji)]
    if len(signs) != len(call.reaction or ()) or any(sign.replace("\ufe0f", "") not in EMOJI for sign in signs):
        raise Refused.bad_request("REACTION_INVALID")
    caller.world.react(message.uid, *signs, by=caller.bot_id)
    return True


def leave_chat(caller: Caller, call: methods.LeaveChat) -> bool:
    """Go out of a group."""
    peer_id = peer_of(caller, call.chat_id)
    if peer_id > 0:
        raise Refused.bad_request("chat member status can't be changed in private chats")
    caller.world.remove_member(peer_id, caller.bot_id)
    return True


def _group(caller: Caller, chat_id: int | str) -> int:
    """The group of a call that leaves a notice there: it counts as a message."""
    peer_id = peer_of(caller, chat_id)
    if peer_id > 0:
        raise Refused.bad_request("the chat is not a forum")
    caller.bot.spend(peer_id)
    return peer_id


def _message(caller: Caller, chat_id: int | str, number: int, words: str) -> Message:
    message = caller.world.message_in(caller.bot_id, peer_of(caller, chat_id), number)
    if message is None:
        raise Refused.bad_request(words)
    return message
