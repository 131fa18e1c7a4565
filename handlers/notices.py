"""What Wysper says unasked: each notice is put into words when it is sent, in its reader's language."""

from __future__ import annotations

from datetime import datetime

from aiogram import Bot
from aiogram.types import InlineKeyboardButton

from crm import digest
from crm.access import Power
from handlers.buttons.accounts import AccountList
from handlers.buttons.contacts import ContactCard
from handlers.buttons.deletion import TakeBack
from handlers.buttons.export import Export
from handlers.buttons.history import History
from handlers.buttons.home import Home
from handlers.buttons.keeping import FilesMenu
from handlers.buttons.members import MemberList
from handlers.buttons.notes import NoteCard
from handlers.buttons.queues import QueueList, StandingCard
from handlers.buttons.reminders import ReminderCard
from handlers.buttons.replies import KeepReply, ReplyCard
from handlers.language import _, day, ngettext, number, speaking, when
from handlers.screens import Screen, back, button, safe, shorten
from handlers.screens.morning import told
from handlers.screens.notices import send
from handlers.screens.roads import right_name
from handlers.screens.roles import duty, power_name, role_name
from storage.outbox import OutboxRow
from storage.queues import Queue

WORDS = 1000  # signs of a reminder in the notice of it


async def deletion_reminder(bot: Bot, row: OutboxRow) -> int:
    """The end of the grace period is near. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _(
            "⏳ <b>{workspace}</b> will be erased on <b>{day}</b>, as you have asked: all contacts, messages, notes "
            "and tags, and the key of the vault. Until then you can take your data with you, or change your mind."
        ).format(workspace=safe(row.facts["name"]), day=day(datetime.fromisoformat(row.facts["due_at"])))
        rows = [[button(_("Export my data"), Export())], [button(_("Keep my workspace"), TakeBack())]]
        return await send(bot, row, Screen(text, rows))


async def deletion_done(bot: Bot, row: OutboxRow) -> int:
    """Everything is gone; the receipt's code is all that is left. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _(
            "<b>{workspace}</b> was erased: its vault and the key are destroyed, and no backup can be read any "
            "more.\n\n"
            "Receipt: <code>{code}</code>. It names no person; keep it if you want to refer to the erasure.\n\n"
            "Thank you for having worked with Wysper. To start anew one day, ask whoever runs it here for a link."
        ).format(workspace=safe(row.facts["name"]), code=row.facts["code"])
        return await send(bot, row, Screen(text))


async def power_set(bot: Bot, row: OutboxRow) -> int:
    """A member may do something more, or no longer. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        on = _("In <b>{workspace}</b> this holds for you from now on: <i>{what}</i>.")
        off = _("In <b>{workspace}</b> this holds for you no more: <i>{what}</i>.")
        what = power_name(Power(row.facts["power"]))
        text = (on if row.facts["on"] else off).format(workspace=safe(row.facts["workspace"]), what=what)
        return await send(bot, row, Screen(text, [back()]))


async def account_connected(bot: Bot, row: OutboxRow) -> int:
    """A Business connection was made, changed or taken off. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        name, missing = safe(row.facts["name"]), row.facts["missing"]
        if not row.facts["enabled"]:
            text = _("🔴 <b>{name}</b> took Wysper off in Telegram. Nothing new comes in; what was kept stays.")
            if row.facts.get("device"):
                text = _(
                    "🟡 <b>{name}</b> took Wysper off under Telegram Business. The linked device carries on: new "
                    "messages come in, and answers go by it."
                )
        elif missing:
            text = _(
                "🟡 <b>{name}</b> is connected, but Wysper may not do all it needs. "
                "Open Settings › Telegram Business › Chatbots in Telegram and switch on: <b>{rights}</b>."
            )
        else:
            text = _("🟢 <b>{name}</b> is connected. From now on every message with its clients is kept, encrypted.")
        rows = [[button(_("Connected accounts"), AccountList())], [button(_("‹ Home"), Home())]]
        rights = ", ".join(right_name(right) for right in missing)
        return await send(bot, row, Screen(text.format(name=name, rights=rights), rows))


async def reply_overtaken(bot: Bot, row: OutboxRow) -> int:
    """A client has written before an answer that was put off has left. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _(
            "💬 <b>{name}</b> has written, and your answer is to leave {when}. Does it still fit? It goes then, unless "
            "you hold it back."
        ).format(name=safe(row.facts["name"]), when=when(datetime.fromisoformat(row.facts["leaves_at"])))
        hold = [button(_("✋ Keep it back"), KeepReply(id=row.facts["reply"]))]
        look = [button(_("The answer"), ReplyCard(id=row.facts["reply"]))]
        talk = [button(_("💬 Conversation"), History(id=row.facts["conversation"]))]
        return await send(bot, row, Screen(text, [hold, [*look, *talk]]))


async def disk_low(bot: Bot, row: OutboxRow) -> int:
    """New files are not kept for want of room. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _(
            "💾 The disk that Wysper lives on is almost full. New files of <b>{workspace}</b> stay at Telegram until "
            "there is room; messages are kept as before. Please tell whoever runs Wysper for you."
        ).format(workspace=safe(row.facts["name"]))
        return await send(bot, row, Screen(text, [[button(_("Files"), FilesMenu())], [button(_("‹ Home"), Home())]]))


async def userbot_revoked(bot: Bot, row: OutboxRow) -> int:
    """Telegram ended the session of a linked device. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _revoked(row.facts.get("reason", "")).format(name=safe(row.facts["name"]))
        if row.facts.get("business"):
            text += "\n\n" + _("Telegram Business carries on: new messages come in as before.")
        rows = [[button(_("Connected accounts"), AccountList())], [button(_("‹ Home"), Home())]]
        return await send(bot, row, Screen(text, rows))


def _revoked(reason: str) -> str:
    """By Telegram's name for why."""
    if reason == "AUTH_KEY_DUPLICATED":
        return _(
            "🔴 Telegram ended the linked device of <b>{name}</b>: its key was used from two places at once. If you "
            "did not run a copy of Wysper, somebody else has the key: look at Settings › Devices in Telegram. What was "
            "kept stays. Link the device again to go on reading."
        )
    if reason.startswith("USER_DEACTIVATED"):
        return _("🔴 Telegram closed the account <b>{name}</b>, so its linked device has ended. What was kept stays.")
    return _(
        "🔴 Telegram logged the linked device of <b>{name}</b> out, or somebody did it under Settings › Devices. "
        "What was kept stays. Link the device again to go on reading."
    )


async def account_silent(bot: Bot, row: OutboxRow) -> int:
    """The only road to an account has been down for long. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _(
            "🔴 Since {when} nothing comes in of <b>{name}</b>: its linked device does not reach Telegram. It tries on "
            "by itself, and will fetch what it has missed. If it stays so, let whoever runs Wysper look at the "
            "connection of the server."
        ).format(name=safe(row.facts["name"]), when=when(datetime.fromisoformat(row.facts["since"])))
        rows = [[button(_("Connected accounts"), AccountList())], [button(_("‹ Home"), Home())]]
        return await send(bot, row, Screen(text, rows))


async def group_lost(bot: Bot, row: OutboxRow) -> int:
    """An account was removed from a group that is mirrored, or left it. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _(
            "👥 Your account is not in the group <b>{group}</b> any more, so it is not mirrored. What was kept until "
            "now stays; you can erase it under Connected accounts › Groups."
        ).format(group=safe(row.facts["group"]))
        rows = [[button(_("Connected accounts"), AccountList())], [button(_("‹ Home"), Home())]]
        return await send(bot, row, Screen(text, rows))


async def role_set(bot: Bot, row: OutboxRow) -> int:
    """Somebody made a member something else. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        role = row.facts["role"]
        text = _("On the team of <b>{workspace}</b> you are <b>{role}</b> from now on: {duty}.").format(
            workspace=safe(row.facts["name"]), role=role_name(role), duty=duty(role)
        )
        return await send(bot, row, Screen(text, [[button(_("‹ Home"), Home())]]))


async def sees_identities(bot: Bot, row: OutboxRow) -> int:
    """A member sees who clients are, or does not any more. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = (
            _("👁 In <b>{workspace}</b> you see from now on who clients are.")
            if row.facts["sees"]
            else _(
                "👁 In <b>{workspace}</b> you see names such as Client 4F2 from now on. If you must know who somebody "
                "is, press “Who is this?” on the card and say why."
            )
        )
        return await send(bot, row, Screen(text.format(workspace=safe(row.facts["workspace"])), [back()]))


async def identity_revealed(bot: Bot, row: OutboxRow) -> int:
    """A member from whom it is hidden has asked who a client is. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _("👁 {member} has asked who <b>{client}</b> is, and was told, {when}.\n\nThe reason: {reason}").format(
            member=safe(row.facts["by"]),
            client=safe(row.facts["name"]),
            when=when(datetime.fromisoformat(row.facts["at"])),
            reason=safe(row.facts["reason"]),
        )
        ways = [button(_("👤 Card"), ContactCard(id=row.facts["contact"])), button(_("Team"), MemberList())]
        return await send(bot, row, Screen(text, [ways, back()]))


async def conversation_assigned(bot: Bot, row: OutboxRow) -> int:
    """Somebody said that this member is to answer a client. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _("👤 {member} gave you <b>{client}</b>: you are to answer.").format(
            member=safe(row.facts["by"]), client=safe(row.facts["name"])
        )
        return await send(bot, row, Screen(text, _to_conversation(row)))


async def contacts_given(bot: Bot, row: OutboxRow) -> int:
    """Somebody said that this member is to answer many clients. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        count = row.facts["count"]
        text = ngettext(
            "👤 {member} gave you {count} client: you are to answer.",
            "👤 {member} gave you {count} clients: you are to answer.",
            count,
        ).format(member=safe(row.facts["by"]), count=number(count))
        return await send(bot, row, Screen(text, [[button(_("Mine"), QueueList(queue=Queue.MINE)), *back()]]))


async def note_mentioned(bot: Bot, row: OutboxRow) -> int:
    """A note names this member. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _("📝 {member} mentioned you in a note on <b>{client}</b>.").format(
            member=safe(row.facts["by"]), client=safe(row.facts["name"])
        )
        ways = [button(_("📝 Note"), NoteCard(id=row.facts["note"]))]
        ways += [button(_("👤 Card"), ContactCard(id=row.facts["contact"]))]
        return await send(bot, row, Screen(text, [ways, back()]))


async def reminder_given(bot: Bot, row: OutboxRow) -> int:
    """Somebody wants this member to be reminded. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _("🔔 {member} gave you a reminder about <b>{client}</b>. You are told {when}.").format(
            member=safe(row.facts["by"]),
            client=safe(row.facts["name"]),
            when=when(datetime.fromisoformat(row.facts["due_at"])),
        )
        words = row.facts["words"]
        text += f"\n\n{safe(shorten(words, WORDS))}" if words else ""
        ways = [button(_("The reminder"), ReminderCard(id=row.facts["reminder"])), *back()]
        return await send(bot, row, Screen(text, [ways]))


async def conversation_woken(bot: Bot, row: OutboxRow) -> int:
    """What was put off until now is back. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _("💤 The conversation with <b>{client}</b> was put off until now. It waits for you again.").format(
            client=safe(row.facts["name"])
        )
        return await send(bot, row, Screen(text, _to_conversation(row)))


def _to_conversation(row: OutboxRow) -> list[list[InlineKeyboardButton]]:
    return [
        [button(_("Open the card"), ContactCard(id=row.facts["contact"], queue=Queue.WAITING))],
        [button(_("What is to be done"), StandingCard(id=row.facts["conversation"]))],
        [button(_("⏳ Who waits"), QueueList()), *back()],
    ]


async def morning_digest(bot: Bot, row: OutboxRow) -> int:
    """What waits today. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        return await send(bot, row, told(row.facts["name"], digest.unpack(row.facts["morning"])))


async def takeout_delayed(bot: Bot, row: OutboxRow) -> int:
    """Telegram wants time to pass before its export mode. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _(
            "⏳ Telegram lets the past of <b>{name}</b> be read in its export mode from <b>{when}</b> on. It begins "
            "then by itself. If Telegram asks you in its app whether to allow it, you can do so there, sooner too."
        ).format(name=safe(row.facts["name"]), when=when(datetime.fromisoformat(row.facts["begins_at"])))
        return await send(bot, row, Screen(text, [[button(_("Connected accounts"), AccountList())]]))


async def userbot_frozen(bot: Bot, row: OutboxRow) -> int:
    """Telegram froze the account of a linked device. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _(
            "🔴 Telegram has frozen the account <b>{name}</b>. Its linked device is paused and asks for nothing more. "
            "What was kept stays. Telegram itself tells you in that account how to appeal; resume the device here when "
            "the account is free again."
        ).format(name=safe(row.facts["name"]))
        rows = [[button(_("Connected accounts"), AccountList())], [button(_("‹ Home"), Home())]]
        return await send(bot, row, Screen(text, rows))
