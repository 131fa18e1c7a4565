"""Every method that the sandbox's Bot API knows, and who carries it out, on one page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiogram import methods
from aiogram.methods import TelegramMethod

from sandbox.bot_api import chats, editing, ephemeral, files, forums, inline, profile, sending, updates

Handler = Callable[..., Any]

_HANDLERS: dict[type[TelegramMethod[Any]], Handler] = {
    methods.GetUpdates: updates.get_updates,
    methods.SetWebhook: updates.set_webhook,
    methods.DeleteWebhook: updates.delete_webhook,
    methods.GetWebhookInfo: updates.get_webhook_info,
    methods.GetMe: profile.get_me,
    methods.SetMyCommands: profile.set_my_commands,
    methods.GetMyCommands: profile.get_my_commands,
    methods.DeleteMyCommands: profile.delete_my_commands,
    methods.SetChatMenuButton: profile.set_chat_menu_button,
    methods.GetChatMenuButton: profile.get_chat_menu_button,
    methods.SetMyName: profile.set_my_text,
    methods.GetMyName: profile.get_my_text,
    methods.SetMyDescription: profile.set_my_text,
    methods.GetMyDescription: profile.get_my_text,
    methods.SetMyShortDescription: profile.set_my_text,
    methods.GetMyShortDescription: profile.get_my_text,
    methods.AnswerCallbackQuery: profile.answer_callback_query,
    methods.AnswerInlineQuery: inline.answer_inline_query,
    methods.SendMessage: sending.send_message,
    methods.SendPhoto: sending.send_media,
    methods.SendDocument: sending.send_media,
    methods.SendVoice: sending.send_media,
    methods.SendVideo: sending.send_media,
    methods.SendVideoNote: sending.send_media,
    methods.SendAudio: sending.send_media,
    methods.SendAnimation: sending.send_media,
    methods.SendSticker: sending.send_sticker,
    methods.SendContact: sending.send_contact,
    methods.SendLocation: sending.send_location,
    methods.CopyMessage: sending.copy_message,
    methods.SendMediaGroup: sending.send_media_group,
    methods.SendChatAction: sending.send_chat_action,
    methods.EditMessageText: editing.edit_message_text,
    methods.EditMessageCaption: editing.edit_message_caption,
    methods.EditMessageMedia: editing.edit_message_media,
    methods.EditMessageReplyMarkup: editing.edit_message_reply_markup,
    methods.DeleteMessage: editing.delete_message,
    methods.DeleteMessages: editing.delete_messages,
    methods.EditEphemeralMessageText: ephemeral.edit_ephemeral_message_text,
    methods.EditEphemeralMessageReplyMarkup: ephemeral.edit_ephemeral_message_reply_markup,
    methods.DeleteEphemeralMessage: ephemeral.delete_ephemeral_message,
    methods.GetFile: files.get_file,
    methods.GetChat: chats.get_chat,
    methods.GetChatMember: chats.get_chat_member,
    methods.GetChatMemberCount: chats.get_chat_member_count,
    methods.GetChatAdministrators: chats.get_chat_administrators,
    methods.LeaveChat: forums.leave_chat,
    methods.CreateForumTopic: forums.create_forum_topic,
    methods.EditForumTopic: forums.edit_forum_topic,
    methods.CloseForumTopic: forums.close_forum_topic,
    methods.ReopenForumTopic: forums.reopen_forum_topic,
    methods.DeleteForumTopic: forums.delete_forum_topic,
    methods.PinChatMessage: forums.pin_chat_message,
    methods.UnpinChatMessage: forums.unpin_chat_message,
    methods.UnpinAllForumTopicMessages: forums.unpin_all_forum_topic_messages,
    methods.SetMessageReaction: forums.set_message_reaction,
    methods.GetUserProfilePhotos: chats.get_user_profile_photos,
    methods.GetBusinessConnection: chats.get_business_connection,
}

METHODS = {model.__api_method__.lower(): (model, handler) for model, handler in _HANDLERS.items()}
