"""Writing one person of a file into the vault, with what the undo of it needs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import conversations, names
from crm.access import Room
from crm.contacts_in.people import Person
from storage import contacts, fields, search, stages, tags
from storage.contacts import NOT_AT_TELEGRAM, Contact, name_key
from storage.conversations import Conversation, whose
from storage.fields import CustomField, FieldValue
from storage.jobs import Job
from storage.notes import Note
from storage.phones import ContactPhone
from storage.sifts import BulkStep
from storage.stages import Stage, StageMove
from storage.tags import COLOURS, ContactTag, Tag

NEW = "new"


class Writing:
    """One commit's worth."""

    def __init__(self, session: AsyncSession, room: Room, job: Job) -> None:
        self._session, self._room, self._job = session, room, job
        self._now, self._by = room.installation.clock.now(), job.asked_by
        self._renamed: list[Contact] = []
        self.made: list[int] = []  # tags that were not there

    async def add(self, one: Person) -> Contact:
        """A new card; whom Telegram has not told us of gets a number of our own."""
        number = one.telegram_id
        if number is None or number >= NOT_AT_TELEGRAM:
            number = await contacts.free_number(self._session)
        facts: dict[str, Any] = {"telegram_id": number, "name_key": "", "first_seen_at": self._now, **one.facts}
        contact = Contact(**facts)
        contact.name_key = name_key(contact.name)
        self._session.add(contact)
        await self._session.flush()
        self._renamed.append(contact)
        await self._beside(contact, one, overwrite=True)
        await self._step(contact, {NEW: True})
        return contact

    async def merge(self, contact_id: int, one: Person, *, overwrite: bool) -> bool:
        """Bring a card up to what the file says, or fill what is empty there. False where nothing changes."""
        contact = await self._session.get(Contact, contact_id)
        if contact is None:
            return False
        facts = dict(one.facts)
        if not overwrite and (contact.first_name or contact.last_name):  # a name is one thing
            facts = {name: value for name, value in facts.items() if name not in {"first_name", "last_name"}}
        before: dict[str, Any] = {}
        for name, value in facts.items():
            stands = getattr(contact, name)
            if _differs(name, stands, value) and (overwrite or not stands):
                before[name] = stands
                setattr(contact, name, value)
        if before:
            contact.name_key = name_key(contact.name)
            self._session.add(contact)
            self._renamed.append(contact)
        more = await self._beside(contact, one, overwrite=overwrite)
        self._renamed += [contact] if {"fields", "phones"} & more.keys() else []
        if before or more:
            await self._step(contact, {"facts": before, **more})
        return bool(before or more)

    async def _beside(self, contact: Contact, one: Person, *, overwrite: bool) -> dict[str, Any]:
        """Phones, tags, stage, fields and note; returns what the undo needs, nothing where nothing changed."""
        contact_id = contact.id or 0
        done: dict[str, Any] = {}
        if kept := [
            phone for phone in (one.facts.get("phone"), *one.phones) if phone and await self._keep(contact, phone)
        ]:
            done["phones"] = kept
        if put := [tag.id for word in one.tags if await self._tag(contact_id, tag := await self._named(word))]:
            done["tags"] = put
        if one.stage_id and contact.stage_id != one.stage_id and (overwrite or not contact.stage_id):
            done["stage"] = [contact.stage_id, one.stage_id]
            await self._move(contact_id, contact.stage_id, one.stage_id)
        if values := await self._values(contact_id, one, overwrite=overwrite):
            done["fields"] = values
        if one.note and (note := await self._note(contact_id, one.note)):
            done["notes"] = [note]
        return done

    async def _keep(self, contact: Contact, phone: str) -> bool:
        """Beside the main one; also the one that the file calls so, where another stands."""
        key = (contact.id or 0, phone)
        if not _differs("phone", contact.phone, phone) or await self._session.get(ContactPhone, key) is not None:
            return False
        self._session.add(ContactPhone(contact_id=key[0], phone=phone, kept_at=self._now, kept_by=self._by))
        await self._session.flush()
        return True

    async def _named(self, word: str) -> Tag:
        tag = await tags.by_key(self._session, names.key(word))
        if tag is None:
            colour = COLOURS[await tags.count(self._session) % len(COLOURS)]
            tag = Tag(name=word, name_key=names.key(word), colour=colour, made_at=self._now)
            self._session.add(tag)
            await self._session.flush()
            self.made.append(tag.id or 0)
        return tag

    async def _tag(self, contact_id: int, tag: Tag) -> bool:
        row = ContactTag(contact_id=contact_id, tag_id=tag.id or 0, put_at=self._now, put_by=self._by)
        return await tags.put(self._session, row)

    async def _move(self, contact_id: int, before: int | None, to: int | None) -> None:
        move = StageMove(contact_id=contact_id, from_id=before, to_id=to, moved_at=self._now, moved_by=self._by)
        await stages.move(self._session, [move])

    async def _values(self, contact_id: int, one: Person, *, overwrite: bool) -> dict[str, Any]:
        """Returns what stood in each field that took another value."""
        before: dict[str, Any] = {}
        for field_id, facts in one.fields.items():
            stood = await self._session.get(FieldValue, (contact_id, field_id))
            same = stood is not None and all(getattr(stood, name) == value for name, value in facts.items())
            if same or (stood is not None and not overwrite):
                continue
            before[str(field_id)] = stood.model_dump(mode="json") if stood else None
            row = FieldValue(contact_id=contact_id, field_id=field_id, set_at=self._now, set_by=self._by, **facts)
            await fields.put(self._session, row)
        return before

    async def _note(self, contact_id: int, text: str) -> int | None:
        there = select(Note.id).where(col(Note.contact_id) == contact_id, col(Note.text) == text)
        if (await self._session.exec(there)).first() is not None:
            return None
        note = Note(contact_id=contact_id, text=text, author_id=self._by, written_at=self._now)
        self._session.add(note)
        await self._session.flush()
        await search.index(self._session, search.NOTE, [(note.id or 0, text)])
        return note.id

    async def _step(self, contact: Contact, before: dict[str, Any]) -> None:
        """Where a file says two things of one person, the undo leads behind both."""
        step = await self._session.get(BulkStep, (self._job.id, contact.id))
        if step is None:
            step = BulkStep(job_id=self._job.id or 0, contact_id=contact.id or 0, before=before)
        elif not step.before.get(NEW):
            step.before = _joined(step.before, before)
        self._session.add(step)

    async def finish(self) -> None:
        """Let the search find them by what they are called now."""
        await self._session.flush()
        await conversations.index(self._session, list({one.id: one for one in self._renamed}.values()))

    async def take_back(self, step: BulkStep) -> bool:
        """Undo what was done to one contact; False where it stays.

        That is where its person has written meanwhile, or somebody who did not come with it was merged into it: his
        notes and promises stand on this card now.
        """
        contact = await self._session.get_one(Contact, step.contact_id)
        await self._session.delete(step)
        if not step.before.get(NEW):
            await self._give_back(contact, step.before)
            return True
        if await self._is_somebody(contact.id or 0, step.job_id):
            return False
        await self._session.flush()
        await self._forget(contact.id or 0)
        return True

    async def _is_somebody(self, contact_id: int, job_id: int) -> bool:
        talk = select(Conversation.id).where(col(Conversation.contact_id).in_(whose(contact_id)))
        came = select(BulkStep.contact_id).where(col(BulkStep.job_id) == job_id, col(BulkStep.before)[NEW].as_boolean())
        other = select(Contact.id).where(col(Contact.merged_into) == contact_id, col(Contact.id).not_in(came))
        found = [(await self._session.exec(query.limit(1))).first() for query in (talk, other)]
        return any(one is not None for one in found)

    async def _forget(self, contact_id: int) -> None:
        notes = [
            one or 0 for one in await self._session.exec(select(Note.id).where(col(Note.contact_id) == contact_id))
        ]
        await search.drop(self._session, search.NOTE, notes)
        await search.drop(self._session, search.CONTACT, [contact_id])
        await self._session.exec(delete(Contact).where(col(Contact.id) == contact_id))

    async def _give_back(self, contact: Contact, before: dict[str, Any]) -> None:
        contact_id = contact.id or 0
        for name, value in before.get("facts", {}).items():
            setattr(contact, name, value)
        contact.name_key = name_key(contact.name)
        self._session.add(contact)
        self._renamed.append(contact)
        kept = col(ContactPhone.phone).in_(before.get("phones", ()))
        await self._session.exec(delete(ContactPhone).where(col(ContactPhone.contact_id) == contact_id, kept))
        for tag_id in before.get("tags", ()):
            await tags.take(self._session, ContactTag, contact_id, tag_id)
        stood, stands = before.get("stage", (None, None))
        if stands and contact.stage_id == stands:
            stage = await self._session.get(Stage, stood) if stood else None
            await self._move(contact_id, stands, stood if stage and stage.removed_at is None else None)
        for field_id, row in before.get("fields", {}).items():
            if await self._session.get(CustomField, int(field_id)) is None:  # removed for good meanwhile
                continue
            if row is not None:
                await fields.put(self._session, FieldValue.model_validate(row))
            elif value := await self._session.get(FieldValue, (contact_id, int(field_id))):
                await self._session.delete(value)
        await search.drop(self._session, search.NOTE, before.get("notes", ()))
        await self._session.exec(delete(Note).where(col(Note.id).in_(before.get("notes", ()))))


def _joined(first: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    both: dict[str, Any] = {name: {**then.get(name, {}), **first.get(name, {})} for name in ("facts", "fields")}
    both |= {name: [*first.get(name, ()), *then.get(name, ())] for name in ("phones", "tags", "notes")}
    moves = [one["stage"] for one in (first, then) if "stage" in one]
    return both | ({"stage": [moves[0][0], moves[-1][1]]} if moves else {})


def _differs(name: str, stands: str | None, says: str) -> bool:
    """A phone stands with or without its plus, a username in any case, a name with any spaces."""
    if name == "phone":
        return (stands or "").lstrip("+") != says.lstrip("+")
    return " ".join((stands or "").split()).casefold() != says.casefold()
