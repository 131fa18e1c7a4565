"""What stands in a team's group: each topic's name, card and posts, the rules, the newcomers, and who waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiogram.types import (
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    MediaUnion,
)

from crm.queues import Status
from crm.tags import On
from crm.topics.looks import Face, Waiting
from crm.topics.telling import Told
from handlers.buttons.contacts import ContactCard
from handlers.buttons.history import History
from handlers.buttons.media import SendFile
from handlers.buttons.notes import NoteList
from handlers.buttons.queues import StandingCard
from handlers.buttons.reminders import AskReminder
from handlers.buttons.tags import TagChoice
from handlers.buttons.topics import TakeNewcomer
from handlers.language import _, clock, ngettext, number, when
from handlers.screens import Screen, button, fit, label, safe, shorten
from handlers.screens.formatted import Formatted
from handlers.screens.messages import brief, file_line, named, side, tag_line
from handlers.screens.standing import SIGNS, status_name, where
from handlers.screens.told import facts_line
from storage.contacts import Contact
from storage.messages import Message
from storage.team_groups import TeamGroup

LONGEST, CAPTION = 3000, 900  # units of one message in a topic, and of one under a file
NAME, TOPIC_NAME = 48, 100  # characters
BARE = frozenset({"sticker", "video_note"})  # kinds that take no caption
KINDS = frozenset({"photo", "video", "animation", "audio", "voice", "document", *BARE})
ALBUM: dict[str, type[Any]] = {
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
    "audio": InputMediaAudio,
    "document": InputMediaDocument,
}
PEOPLE_SHOWN = 20


def told(one: Told) -> Screen:
    """Messages as one post: who wrote, and what; times where there are several."""
    lines: list[str] = [_("↻ Perhaps for the second time:")] if one.again else []
    last = None
    for message in one.messages:
        who = _writer(one, message)
        if who != last:
            lines.append(who)
        at = f"<i>{clock(message.sent_at)}</i> " if len(one.messages) > 1 else ""
        lines.append(at + _said(one, message, LONGEST))
        last = who
    return Screen(fit(lines), _ways(one))


def _writer(one: Told, message: Message) -> str:
    name = one.writers.get(message.id or 0) or one.contact.name
    return f"{side(message)} <b>{safe(shorten(name, NAME))}</b>"


def _said(one: Told, message: Message, most: int, *, beside_file: bool = False) -> str:
    number_, file = message.id or 0, one.files.get(message.id or 0)
    parts = []
    if number_ in one.answered and one.answers_post is None:
        parts.append(f"↩️ <i>{brief(one.answered[number_])}</i>")
    if file is not None and not beside_file:
        parts.append(file_line(file))
    elif file is None and message.kind != "text":
        parts.append(facts_line(message))
    words = Formatted(message.text, message.entities).shortened(most).html
    if message.deleted_at is not None:
        words = f"🗑 <s>{words}</s>" if words else "🗑 " + _("deleted")
    elif message.edited_at is not None and words:
        words = f"{words} ✏️"
    return "\n".join([*parts, *([words] if words else [])])


def _ways(one: Told) -> list[list[Any]]:
    """To the whole of what was shortened, and to a file that Telegram cannot show here."""
    rows = []
    for message in one.messages:
        if len(message.text) > LONGEST:
            whole = History(id=message.conversation_id, focus=message.message_id)
            rows.append([button(_("Show the whole message"), whole)])
        file = one.files.get(message.id or 0)
        if file is not None and (file.file_id is None or file.kind not in KINDS):
            rows.append([button(_("📎 Send me the file"), SendFile(id=message.id or 0))])
    return rows


def carried(one: Told) -> tuple[str, dict[str, Any]] | None:
    """How the file of a single message is sent by Telegram's own handle; None where there is none."""
    file = one.files.get(one.messages[0].id or 0) if len(one.messages) == 1 else None
    if file is None or file.file_id is None or file.kind not in KINDS:
        return None
    words = caption(one)
    return file.kind, {file.kind: file.file_id, **({"caption": words} if words is not None else {})}


def caption(one: Told) -> str | None:
    """What stands under the file of a single message; None where it is a text, or a kind that takes none."""
    message = one.messages[0]
    file = one.files.get(message.id or 0) if len(one.messages) == 1 else None
    if file is None or file.file_id is None or file.kind not in KINDS - BARE:
        return None
    said = _said(one, message, CAPTION, beside_file=True)
    again = _("↻ Perhaps for the second time:") + "\n" if one.again else ""
    return f"{again}{_writer(one, message)}\n{said}".rstrip()


def album(one: Told) -> list[MediaUnion]:
    """Files that were sent together, as one album; empty where they are not, or not all can be."""
    files = [one.files.get(message.id or 0) for message in one.messages]
    kinds = {file.kind if file is not None and file.file_id is not None else "" for file in files}
    together = kinds <= {"photo", "video"} or (len(kinds) == 1 and kinds <= ALBUM.keys())
    if len(one.messages) < 2 or one.messages[0].album_id is None or not together:  # noqa: PLR2004  an album has two
        return []
    items: list[MediaUnion] = []
    for message, file in zip(one.messages, files, strict=True):
        single = Told(one.group, one.topic, one.contact, [message], one.files, one.writers, one.answered)
        words = caption(single) if not items or message.text else None
        items.append(ALBUM[file.kind](media=file.file_id, caption=words))  # type: ignore[union-attr]  # looked at above
    return items


def first_name(contact: Contact) -> str:
    """What a topic is called when it is opened: somebody has just written."""
    return _name(SIGNS[Status.WAITING], contact)


def topic_name(face: Face) -> str:
    """Where it stands, and who it is."""
    return _name(SIGNS[face.status], face.contact)


def _name(sign: str, contact: Contact) -> str:
    return f"{sign} {label(contact.name, TOPIC_NAME)}"


def card(face: Face) -> Screen:
    """Who it is, and the desk's buttons; whatever they open, only who pressed sees it."""
    contact = face.contact
    lines = [f"<b>{named(contact)}</b>" + (f" · @{safe(contact.username)}" if contact.username else "")]
    for thread, account in face.threads:
        stands = where(thread) or f"{SIGNS[face.status]} {status_name(face.status)}"
        lines.append(f"{safe(shorten(account.name, NAME))}: {stands}")
    answers = (
        _("🙋 {name} answers").format(name=safe(face.assignee)) if face.assignee else _("🙋 Nobody's to answer yet")
    )
    lines.append(answers)
    lines += [f"📊 {safe(face.stage.name)}"] if face.stage else []
    lines += [tag_line(face.tags)] if face.tags else []
    here, mine = face.conversation.id or 0, contact.id or 0
    rows = [
        [button(_("👤 Card"), ContactCard(id=mine)), button(_("🗂 State"), StandingCard(id=here))],
        [button(_("💬 History"), History(id=here)), button(_("📝 Notes"), NoteList(contact=mine))],
        [
            button(_("🏷 Tags"), TagChoice(on=On.CONTACT, id=mine)),
            button(_("⏰ Remind me"), AskReminder(contact=mine)),
        ],
    ]
    return Screen("\n".join(lines), rows)


def rules(group: TeamGroup) -> Screen:
    """How to work here: the first that is pinned."""
    first = _("<b>How this group works</b>\n\nEach client has a topic. Open it to see what was said and to answer.")
    if group.turned:
        rule = _("What you write in a topic <b>goes to the client</b>; a reply to a message is a note for the team.")
    else:
        rule = _(
            "A <b>reply</b> to a client's message goes to the client. Whatever else you write in a topic is a note for "
            "the team, and the client never sees it."
        )
    marks = _("👀 taken, 👍 sent, 👎 refused, ✍ kept as a note. What the buttons of a topic's card open, only you see.")
    return Screen(f"{first}\n\n{rule}\n\n{marks}")


def not_corrected() -> str:
    """What stands under a change that did not get to the client."""
    return _("The client still reads what you wrote first: Telegram did not take the change. Write another answer.")


def people_name() -> str:
    """What the topic of newcomers is called."""
    return _("👋 New people")


def newcomers(people: Sequence[Contact]) -> Screen:
    """Who wrote when too many did at once; one press opens a topic."""
    if not people:
        return Screen(_("👋 Nobody waits here to be taken."))
    count = ngettext("<b>{count} new person wrote</b>", "<b>{count} new people wrote</b>", len(people))
    text = count.format(count=number(len(people))) + "\n\n"
    text += _("Too many came at once, so they have no topics yet. Press whom you want to look at.")
    rows = [[button(label(one.name), TakeNewcomer(id=one.id or 0))] for one in people[:PEOPLE_SHOWN]]
    return Screen(text, rows)


def board(waiting: Waiting) -> Screen:
    """Who waits for an answer, for whom, and since when."""
    if not waiting.rows:
        return Screen(_("<b>Who waits</b>\n\n☀️ Nobody waits for an answer."))
    head = ngettext("<b>{count} waits for an answer</b>", "<b>{count} wait for an answer</b>", waiting.count)
    lines = [head.format(count=number(waiting.count)), ""]
    for contact, thread in waiting.rows:
        who = f" · 🙋 {safe(waiting.names[thread.assignee_id])}" if thread.assignee_id else ""
        since = when(thread.waiting_since) if thread.waiting_since else ""
        lines.append(f"⏳ {named(contact, NAME)} · {since}{who}")
    more = waiting.count - len(waiting.rows)
    return Screen("\n".join([*lines, *([f"+{number(more)}"] if more > 0 else [])]))
