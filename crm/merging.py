"""Two contacts that are one person become one card; nothing is lost, and it can be undone.

The contact that goes under stays in the vault as the person's other account at Telegram: its conversations and all that
is mirrored there stay its own, so that the mirror knows nothing of this. What a member has added (notes, tags, fields,
reminders, stage) is the kept contact's from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit
from crm.access import Desk, Power, Room, contact_for
from crm.conversations import index
from crm.errors import NotFound, NotNow
from storage import conversations, fields, merges, notes, reminders, stages, tags
from storage.contacts import Contact, family
from storage.conversations import Conversation
from storage.fields import CustomField, FieldValue
from storage.merges import Merge
from storage.notes import Note
from storage.reminders import Reminder
from storage.stages import Stage, StageMove
from storage.tags import ContactTag, Tag

PHONE, STAGE = "phone", "stage"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, and what goes along with it."""

    contact: Contact
    conversations: int
    notes: int
    reminders: int
    tags: Sequence[Tag]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What stands differently on both; a stage's name, a phone, or a field with its values."""

    what: str | CustomField
    kept: Any
    gone: Any


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would do; each conflict has a bit in `take`, set where the other one's word counts."""

    kept: Side
    gone: Side
    conflicts: Sequence[Conflict]


async def preview(desk: Desk, kept_id: int, gone_id: int) -> Preview:
    """What goes together, and what has to be chosen. Raises NotFound, NotNow("group")."""
    desk.need(Power.WRITE)
    desk.need_identities()
    async with desk.reading() as session:
        kept, gone = await _pair(desk, session, kept_id, gone_id)
        return Preview(await _side(session, kept), await _side(session, gone), await _conflicts(session, kept, gone))


async def merge(desk: Desk, kept_id: int, gone_id: int, *, take: int = 0) -> int:
    """Let two contacts be one. `take`: see Preview. Returns the number of the merge. Raises as `preview`."""
    desk.need(Power.WRITE)
    desk.need_identities()
    async with desk.transaction() as session:
        kept, gone = await _pair(desk, session, kept_id, gone_id)
        chosen = [one.what for bit, one in enumerate(await _conflicts(session, kept, gone)) if take >> bit & 1]
        moved: dict[str, Any] = {
            "notes": await merges.hand_over(session, Note, gone_id, kept_id),
            "reminders": await merges.hand_over(session, Reminder, gone_id, kept_id),
            "tags": await _bring_tags(session, kept_id, gone_id),
            "values": await _bring_values(session, kept_id, gone_id, chosen),
            PHONE: [kept.phone, gone.phone if not kept.phone or PHONE in chosen else kept.phone],
            STAGE: [kept.stage_id, gone.stage_id if not kept.stage_id or STAGE in chosen else kept.stage_id],
            "aside": [gone.aside, gone.aside_at.isoformat() if gone.aside_at else None],
        }
        kept.phone = moved[PHONE][1]
        session.add(kept)
        await _stand(desk, session, kept, moved[STAGE][1])
        moved["family"] = await _gather(session, gone_id, kept_id)
        await session.exec(update(Contact).where(family(kept_id)).values(aside=kept.aside, aside_at=kept.aside_at))
        now, by = desk.installation.clock.now(), desk.person.id
        row = Merge(kept_id=kept_id, gone_id=gone_id, merged_at=now, merged_by=by, moved=moved)
        session.add(row)
        await _settle(session, kept_id)
        audit.record(desk, session, "contact.merged", f"contact:{kept_id}", gone=gone_id)
        return row.id or 0


async def undo(desk: Desk, merge_id: int) -> tuple[int, int]:
    """Let them be two again, each with what it had; what came since stays where it is. Returns both ids.

    Raises NotFound.
    """
    desk.need(Power.WRITE)
    desk.need_identities()
    async with desk.transaction() as session:
        row = await session.get(Merge, merge_id)
        kept = await session.get(Contact, row.kept_id) if row else None
        if row is None or kept is None or kept.merged_into is not None:
            raise NotFound("merge")
        moved, kept_id, gone_id = row.moved, row.kept_id, row.gone_id
        await merges.give_back(session, Note, moved["notes"], gone_id)
        await merges.give_back(session, Reminder, moved["reminders"], gone_id)
        await _return_tags(session, kept_id, moved["tags"])
        await _return_values(session, kept_id, moved["values"])
        if kept.phone == moved[PHONE][1]:
            kept.phone = moved[PHONE][0]
        session.add(kept)
        if kept.stage_id == moved[STAGE][1]:
            await _stand(desk, session, kept, moved[STAGE][0])
        await session.exec(update(Contact).where(col(Contact.id).in_(moved["family"])).values(merged_into=gone_id))
        how, since = moved["aside"]
        back = {"merged_into": None, "aside": how, "aside_at": datetime.fromisoformat(since) if since else None}
        await session.exec(update(Contact).where(col(Contact.id) == gone_id).values(back))
        await session.delete(row)
        for contact_id in (kept_id, gone_id):
            await _settle(session, contact_id)
        audit.record(desk, session, "contact.parted", f"contact:{kept_id}", gone=gone_id)
        return kept_id, gone_id


async def done(desk: Desk, contact_id: int) -> Sequence[tuple[Merge, Contact]]:
    """What was merged into a contact and this member can take apart. Raises NotFound."""
    async with desk.reading() as session:
        await contact_for(desk, session, contact_id)
        return await merges.of_contact(session, contact_id) if desk.sees_identities else []


async def purge(room: Room, before: datetime) -> None:
    """Forget how to undo what was merged before this moment."""
    async with room.transaction() as session:
        await merges.purge(session, before)


async def _pair(desk: Desk, session: AsyncSession, kept_id: int, gone_id: int) -> tuple[Contact, Contact]:
    kept, gone = await contact_for(desk, session, kept_id), await contact_for(desk, session, gone_id)
    if kept.is_group or gone.is_group:
        raise NotNow("group")
    if kept.id != kept_id or gone.id != gone_id or kept_id == gone_id:  # one of them is part of another already
        raise NotFound("contact")
    return kept, gone


async def _side(session: AsyncSession, contact: Contact) -> Side:
    here = contact.id or 0
    count = select(func.count()).where(col(Conversation.contact_id).in_(conversations.whose(here)))
    return Side(
        contact,
        (await session.exec(count)).one(),
        await notes.count(session, here),
        len(await reminders.open_of_contact(session, here)),
        (await tags.on_contacts(session, [here])).get(here, []),
    )


async def _conflicts(session: AsyncSession, kept: Contact, gone: Contact) -> list[Conflict]:
    found = []
    if kept.phone and gone.phone and kept.phone.lstrip("+") != gone.phone.lstrip("+"):
        found.append(Conflict(PHONE, kept.phone, gone.phone))
    if kept.stage_id and gone.stage_id and kept.stage_id != gone.stage_id:
        names = [(await session.get_one(Stage, one)).name for one in (kept.stage_id, gone.stage_id)]
        found.append(Conflict(STAGE, *names))
    theirs = {field.id: value for field, value in await fields.of_contact(session, gone.id or 0)}
    for field, value in await fields.of_contact(session, kept.id or 0):
        other = theirs.get(field.id)
        if value is not None and other is not None and _says(value) != _says(other):
            found.append(Conflict(field, value, other))
    return found


def _says(value: FieldValue) -> tuple[object, ...]:
    return value.text, value.amount, value.currency, value.day


async def _bring_tags(session: AsyncSession, kept_id: int, gone_id: int) -> dict[str, Any]:
    there = {tag.id for tag in (await tags.on_contacts(session, [kept_id])).get(kept_id, [])}
    rows = await merges.take_rows(session, ContactTag, gone_id)
    fresh = [row for row in rows if row["tag_id"] not in there]
    await merges.put_rows(session, ContactTag, [{**row, "contact_id": kept_id} for row in fresh])
    return {"rows": rows, "added": [row["tag_id"] for row in fresh]}


async def _return_tags(session: AsyncSession, kept_id: int, moved: dict[str, Any]) -> None:
    for tag_id in moved["added"]:
        await tags.take(session, ContactTag, kept_id, tag_id)
    known = set((await session.exec(select(Tag.id))).all())
    await merges.put_rows(session, ContactTag, [row for row in moved["rows"] if row["tag_id"] in known])


async def _bring_values(session: AsyncSession, kept_id: int, gone_id: int, chosen: Sequence[object]) -> dict[str, Any]:
    standing = select(FieldValue).where(col(FieldValue.contact_id) == kept_id)
    before = {row.field_id: row.model_dump(mode="json") for row in await session.exec(standing)}
    wanted = {one.id for one in chosen if isinstance(one, CustomField)}
    rows = await merges.take_rows(session, FieldValue, gone_id)
    taken = [row for row in rows if row["field_id"] not in before or row["field_id"] in wanted]
    await merges.put_rows(session, FieldValue, [{**row, "contact_id": kept_id} for row in taken])
    replaced = [before[row["field_id"]] for row in taken if row["field_id"] in before]
    return {"rows": rows, "added": [[row["field_id"], row["set_at"]] for row in taken], "before": replaced}


async def _return_values(session: AsyncSession, kept_id: int, moved: dict[str, Any]) -> None:
    """What was changed since the merge stays."""
    earlier = {row["field_id"]: row for row in moved["before"]}
    known = set((await session.exec(select(CustomField.id))).all())
    for field_id, set_at in moved["added"]:
        here = (col(FieldValue.contact_id) == kept_id, col(FieldValue.field_id) == field_id)
        value = (await session.exec(select(FieldValue).where(*here))).first()
        if value is None or value.model_dump(mode="json")["set_at"] != set_at:
            continue
        await session.exec(delete(FieldValue).where(*here))
        session.expunge(value)
        await merges.put_rows(session, FieldValue, [earlier[field_id]] if field_id in earlier else [])
    await merges.put_rows(session, FieldValue, [row for row in moved["rows"] if row["field_id"] in known])


async def _stand(desk: Desk, session: AsyncSession, contact: Contact, stage_id: int | None) -> None:
    if contact.stage_id != stage_id and (stage_id is None or await session.get(Stage, stage_id) is not None):
        now, by = desk.installation.clock.now(), desk.person.id
        contact_id, before = contact.id or 0, contact.stage_id
        step = StageMove(contact_id=contact_id, from_id=before, to_id=stage_id, moved_at=now, moved_by=by)
        await stages.move(session, [step])


async def _gather(session: AsyncSession, gone_id: int, kept_id: int) -> list[int]:
    """Let the contact and those merged into it before be the kept one's. Returns the latter."""
    own = (await session.exec(select(Contact.id).where(col(Contact.merged_into) == gone_id))).all()
    await session.exec(update(Contact).where(family(gone_id)).values(merged_into=kept_id))
    return [one for one in own if one is not None]


async def _settle(session: AsyncSession, contact_id: int) -> None:
    await session.flush()
    theirs = select(Conversation.id).where(col(Conversation.contact_id).in_(conversations.whose(contact_id)))
    await conversations.settle(session, [(one or 0, 0) for one in (await session.exec(theirs)).all()])
    await index(session, (await session.exec(select(Contact).where(family(contact_id)))).all())
