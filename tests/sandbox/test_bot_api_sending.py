"""What a bot can send, change and take back, and how Telegram refuses the rest."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    KeyboardButton,
    LinkPreviewOptions,
    MenuButtonCommands,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from aiohttp import ClientSession

from sandbox.bot_api import BotApi
from sandbox.world import Message, Person, World

pytestmark = pytest.mark.usefixtures("started")

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\0\x80"


def keyboard(**button: object) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton.model_validate({"text": "Press", **button})]])


@pytest.fixture
def started(world: World, anna: Person, robot: Person) -> Message:
    """Anna has pressed Start."""
    return world.send(anna.id, robot.id, "/start")


def last(world: World, person: Person, robot: Person) -> Message:
    return world.history(person.id, robot.id)[0]


async def test_a_sent_text_is_what_the_person_sees(
    bot: Bot, world: World, anna: Person, robot: Person, started: Message
) -> None:
    sent = await bot.send_message(
        anna.id,
        "<b>Hello</b>, <i>Anna</i>!",
        parse_mode="HTML",
        reply_markup=keyboard(callback_data="x" * 64),
        reply_parameters=ReplyParameters(message_id=started.ids[robot.id]),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        protect_content=True,
    )
    shown = last(world, anna, robot)
    assert (sent.text, shown.text) == ("Hello, Anna!", "Hello, Anna!")
    assert [(entity.type, entity.offset, entity.length) for entity in shown.entities] == [
        ("bold", 0, 5),
        ("italic", 7, 4),
    ]
    assert shown.reply_to == started.uid
    assert sent.reply_to_message
    assert sent.reply_to_message.text == "/start"
    assert sent.from_user
    assert sent.from_user.username == "wysper_bot"
    assert shown.markup == {"inline_keyboard": [[{"text": "Press", "callback_data": "x" * 64}]]}


async def test_entities_and_default_parse_modes_are_understood(
    bot: Bot, world: World, anna: Person, robot: Person
) -> None:
    await bot.send_message(anna.id, "  one", entities=[MessageEntity(type="bold", offset=2, length=3)])
    assert [(entity.offset, entity.length) for entity in last(world, anna, robot).entities] == [(0, 3)]
    html_bot = Bot(bot.token, session=bot.session, default=DefaultBotProperties(parse_mode="HTML"))
    await html_bot.send_message(anna.id, "<u>two</u>")
    assert last(world, anna, robot).text == "two"
    await bot.send_message(anna.id, r"*three* and 2\.5", parse_mode="MarkdownV2")
    assert last(world, anna, robot).text == "three and 2.5"


async def test_every_kind_of_keyboard_reaches_the_person(bot: Bot, world: World, anna: Person, robot: Person) -> None:
    for markup, key in (
        (keyboard(copy_text=CopyTextButton(text="y" * 256)), "inline_keyboard"),
        (keyboard(url="https://example.com"), "inline_keyboard"),
        (ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Yes")]], resize_keyboard=True), "keyboard"),
        (ForceReply(force_reply=True), "force_reply"),
        (ReplyKeyboardRemove(remove_keyboard=True), "remove_keyboard"),
    ):
        await bot.send_message(anna.id, "see below", reply_markup=markup)
        assert key in (last(world, anna, robot).markup or {})


@pytest.mark.parametrize(
    ("text", "markup", "refusal"),
    [
        (" ", None, "message text is empty"),
        ("x" * 4097, None, "message is too long"),
        ("😀" * 2049, None, "message is too long"),
        ("ok", keyboard(callback_data="x" * 65), "BUTTON_DATA_INVALID"),
        ("ok", keyboard(callback_data="ж" * 33), "BUTTON_DATA_INVALID"),
        ("ok", keyboard(copy_text=CopyTextButton(text="x" * 257)), "BUTTON_COPY_TEXT_INVALID"),
        ("ok", keyboard(url="nonsense"), "Wrong HTTP URL"),
        ("ok", keyboard(), "Text buttons are unallowed in the inline keyboard"),
        ("ok", InlineKeyboardMarkup(inline_keyboard=keyboard(callback_data="1").inline_keyboard * 101), "TOO_LONG"),
    ],
)
async def test_what_telegram_refuses_to_send(
    bot: Bot, anna: Person, *, text: str, markup: InlineKeyboardMarkup | None, refusal: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=refusal):
        await bot.send_message(anna.id, text, reply_markup=markup)


async def test_the_longest_text_and_caption_pass(bot: Bot, anna: Person) -> None:
    assert (await bot.send_message(anna.id, "x" * 4096)).text == "x" * 4096
    file = BufferedInputFile(b"data", "a.txt")
    assert (await bot.send_document(anna.id, file, caption="x" * 1024)).caption == "x" * 1024
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.send_document(anna.id, file, caption="x" * 1025)


async def test_strangers_and_those_who_blocked_the_bot_get_nothing(
    bot: Bot, world: World, anna: Person, olga: Person, *, robot: Person
) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(404, "anybody?")
    with pytest.raises(TelegramForbiddenError, match="bot can't initiate conversation with a user"):
        await bot.send_message(olga.id, "hello")
    world.block(anna.id, robot.id)
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(anna.id, "hello")


async def test_a_wrong_token_and_an_unknown_method_are_refused(bot: Bot, api: BotApi) -> None:
    stranger = Bot("123456789:AAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", session=bot.session)
    with pytest.raises(TelegramUnauthorizedError, match="Unauthorized"):
        await stranger.get_me()
    with pytest.raises(TelegramNotFound):
        await bot.unban_chat_member(1, 1)
    async with ClientSession() as http, http.get(f"{api.base_url}/bot{bot.token}/GETME") as answer:
        assert (await answer.json())["result"]["username"] == "wysper_bot"
    async with ClientSession() as http, http.post(f"{api.base_url}/bot{bot.token}/sendMessage", json={}) as answer:
        assert await answer.json() == {
            "ok": False,
            "error_code": 400,
            "description": "Bad Request: chat_id is empty",
        }


async def test_an_edit_changes_the_message_in_place(bot: Bot, world: World, anna: Person, robot: Person) -> None:
    sent = await bot.send_message(anna.id, "1", reply_markup=keyboard(callback_data="next"))
    edited = await bot.edit_message_text(
        "2", chat_id=anna.id, message_id=sent.message_id, reply_markup=keyboard(callback_data="next")
    )
    assert not isinstance(edited, bool)
    assert (edited.text, edited.message_id) == ("2", sent.message_id)
    assert edited.edit_date
    shown = last(world, anna, robot)
    assert [text for text, _ in shown.versions] == ["1"]
    await bot.edit_message_reply_markup(chat_id=anna.id, message_id=sent.message_id)
    assert shown.markup is None
    with pytest.raises(TelegramBadRequest, match="message is not modified: specified new message content"):
        await bot.edit_message_text("2", chat_id=anna.id, message_id=sent.message_id)


async def test_what_cannot_be_edited_is_refused(
    bot: Bot, world: World, anna: Person, robot: Person, *, started: Message
) -> None:
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("mine", chat_id=anna.id, message_id=started.ids[robot.id])
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("x", chat_id=anna.id, message_id=99)
    document = await bot.send_document(anna.id, BufferedInputFile(b"data", "a.txt"))
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await bot.edit_message_text("x", chat_id=anna.id, message_id=document.message_id)
    text = await bot.send_message(anna.id, "x")
    with pytest.raises(TelegramBadRequest, match="there is no caption in the message to edit"):
        await bot.edit_message_caption(chat_id=anna.id, message_id=text.message_id, caption="x")
    assert last(world, anna, robot).text == "x"


async def test_a_bot_deletes_for_two_days(bot: Bot, world: World, anna: Person, *, started: Message) -> None:
    sent = [await bot.send_message(anna.id, str(number)) for number in range(3)]
    await bot.delete_message(anna.id, sent[0].message_id)
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await bot.delete_message(anna.id, sent[0].message_id)
    world.clock.advance(timedelta(hours=49))
    with pytest.raises(TelegramBadRequest, match="message can't be deleted for everyone"):
        await bot.delete_message(anna.id, sent[1].message_id)
    late = await bot.send_message(anna.id, "late")
    await bot.delete_messages(anna.id, [sent[1].message_id, late.message_id, 99])
    left = [message.text for message in world.history(anna.id, (await bot.me()).id)]
    assert left == ["2", "1", started.text]


async def test_files_go_up_and_come_down_whole(bot: Bot, anna: Person) -> None:
    data = bytes(range(256)) * 4000
    sent = await bot.send_document(anna.id, BufferedInputFile(data, "прайс «1».pdf"), caption="Prices")
    assert sent.document
    assert (sent.document.file_name, sent.document.mime_type) == ("прайс «1».pdf", "application/pdf")
    assert sent.document.file_size == len(data)
    file = await bot.get_file(sent.document.file_id)
    assert file.file_path
    assert file.file_path.startswith("documents/")
    received = await bot.download(sent.document, destination=io.BytesIO())
    assert received
    assert received.read() == data
    again = await bot.send_document(anna.id, sent.document.file_id)
    assert again.document
    assert again.document.file_unique_id == sent.document.file_unique_id


async def test_each_kind_of_media_has_its_own_shape(bot: Bot, anna: Person) -> None:
    photo = await bot.send_photo(anna.id, BufferedInputFile(PNG, "a.png"), caption="<b>us</b>", parse_mode="HTML")
    assert photo.photo
    assert photo.caption_entities
    assert (photo.photo[-1].width, photo.photo[-1].height) == (256, 128)
    voice = await bot.send_voice(anna.id, BufferedInputFile(b"ogg", "a.ogg"), duration=7)
    assert voice.voice
    assert (voice.voice.duration, voice.voice.mime_type) == (7, "audio/ogg")
    video = await bot.send_video(anna.id, BufferedInputFile(b"mp4", "a.mp4"), duration=9, width=640, height=480)
    assert video.video
    assert (video.video.width, video.video.duration, video.video.mime_type) == (640, 9, "video/mp4")
    audio = await bot.send_audio(anna.id, BufferedInputFile(b"mp3", "a.mp3"), performer="Bach", title="Aria")
    assert audio.audio
    assert (audio.audio.performer, audio.audio.title) == ("Bach", "Aria")
    sticker = await bot.send_sticker(anna.id, BufferedInputFile(b"webp", "a.webp"), emoji="👍")
    assert sticker.sticker
    assert sticker.sticker.emoji == "👍"
    note = await bot.send_video_note(anna.id, BufferedInputFile(b"mp4", "a.mp4"), length=240)
    assert note.video_note
    animation = await bot.send_animation(anna.id, BufferedInputFile(b"gif", "a.gif"))
    assert animation.animation
    assert animation.document
    contact = await bot.send_contact(anna.id, "+49 170 2", "Anna")
    assert contact.contact
    assert contact.contact.user_id == anna.id
    location = await bot.send_location(anna.id, 52.5, 13.4)
    assert location.location
    assert location.location.latitude == 52.5


async def test_an_album_is_sent_and_its_photo_replaced(bot: Bot, world: World, anna: Person, robot: Person) -> None:
    photos = [InputMediaPhoto(media=BufferedInputFile(PNG, f"{name}.png"), caption=name) for name in "ab"]
    first, second = await bot.send_media_group(anna.id, list(photos))
    assert first.media_group_id == second.media_group_id is not None
    assert (first.caption, second.caption) == ("a", "b")
    document = InputMediaDocument(media=BufferedInputFile(b"data", "a.txt"))
    with pytest.raises(TelegramBadRequest, match="can't be mixed with other media types"):
        await bot.send_media_group(anna.id, [photos[0], document])
    await bot.edit_message_media(
        InputMediaPhoto(media=BufferedInputFile(PNG + b"2", "c.png"), caption="c"),
        chat_id=anna.id,
        message_id=second.message_id,
    )
    shown = last(world, anna, robot)
    assert shown.file
    assert (shown.text, shown.file.data) == ("c", PNG + b"2")


async def test_a_text_becomes_a_photo_in_place(bot: Bot, world: World, anna: Person, robot: Person) -> None:
    sent = await bot.send_message(anna.id, "One moment …")
    await bot.edit_message_media(
        InputMediaPhoto(media=BufferedInputFile(PNG, "code.png"), caption="Scan me"),
        chat_id=anna.id,
        message_id=sent.message_id,
    )
    shown = last(world, anna, robot)
    assert shown.file
    assert (shown.text, shown.file.kind) == ("Scan me", "photo")


async def test_files_that_are_too_big_or_broken_are_refused(
    bot: Bot, world: World, anna: Person, robot: Person
) -> None:
    with pytest.raises(TelegramEntityTooLarge):
        await bot.send_document(anna.id, BufferedInputFile(bytes(50 * 1024 * 1024 + 1), "big.bin"))
    sent = await bot.send_document(anna.id, BufferedInputFile(bytes(20 * 1024 * 1024 + 1), "big.bin"))
    assert sent.document
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(sent.document.file_id)
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await bot.send_photo(anna.id, BufferedInputFile(b"no image", "a.png"))
    with pytest.raises(TelegramBadRequest, match="file must be non-empty"):
        await bot.send_document(anna.id, BufferedInputFile(b"", "a.txt"))
    with pytest.raises(TelegramBadRequest, match="can't use file of type Document as Photo"):
        await bot.send_photo(anna.id, sent.document.file_id)
    other = world.add_bot("Other", "other_bot")
    world.send(anna.id, other.id, "/start")
    with pytest.raises(TelegramBadRequest, match="wrong file identifier"):
        await Bot(other.token or "", session=bot.session).send_document(anna.id, sent.document.file_id)
    assert last(world, anna, robot).file


async def test_a_bot_says_who_it_is_and_what_it_can(bot: Bot, world: World, robot: Person, anna: Person) -> None:
    me = await bot.get_me()
    assert (me.username, me.can_connect_to_business, me.language_code) == ("wysper_bot", True, None)
    await bot.set_my_commands([BotCommand(command="start", description="Begin")])
    assert robot.commands_for(anna) == [("start", "Begin")]
    await bot.set_my_commands([BotCommand(command="start", description="Начать")], language_code="ru")
    assert (await bot.get_my_commands(language_code="ru"))[0].description == "Начать"
    assert (await bot.get_my_commands())[0].description == "Begin"
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand(command="No Good", description="x")])
    mine = BotCommandScopeChat(chat_id=anna.id)
    await bot.set_my_commands([BotCommand(command="mine", description="Anna's")], scope=mine)
    assert robot.commands_for(anna) == [("mine", "Anna's")]
    assert robot.commands_for(robot) == [("start", "Begin")]
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=1))
    await bot.delete_my_commands(scope=mine)
    assert robot.commands_for(anna) == [("start", "Begin")]
    await bot.delete_my_commands()
    assert robot.commands_for(anna) == []
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert (await bot.get_chat_menu_button(chat_id=anna.id)).type == "commands"
    await bot.set_my_name("Wysper CRM")
    assert world.person(robot.id).first_name == "Wysper CRM"
    assert (await bot.get_my_name(language_code="de")).name == "Wysper CRM"
    await bot.set_my_short_description("Keeps conversations")
    assert (await bot.get_my_short_description()).short_description == "Keeps conversations"


async def test_a_bot_may_look_at_those_it_has_met(
    bot: Bot, world: World, anna: Person, robot: Person, *, olga: Person
) -> None:
    world.change_person(anna.id, photo=world.store_file(PNG, "photo"))
    chat = await bot.get_chat(anna.id)
    assert (chat.first_name, chat.username) == ("Anna", "Anna_I")
    assert chat.photo
    assert (await bot.download(chat.photo.big_file_id, destination=io.BytesIO())) is not None
    assert (await bot.get_user_profile_photos(anna.id)).total_count == 1
    assert (await bot.get_chat_member(anna.id, robot.id)).status == "member"
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.get_chat(olga.id)


async def test_typing_is_seen_and_nonsense_refused(bot: Bot, anna: Person) -> None:
    assert await bot.send_chat_action(anna.id, "typing")
    with pytest.raises(TelegramBadRequest, match="wrong parameter action in request"):
        await bot.send_chat_action(anna.id, "dancing")
