"""Who lives in the world: people and bots, found by id, username, phone or token."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from sandbox.world.events import Ground, PersonChanged
from sandbox.world.files import File, secret_number
from sandbox.world.refused import Refused

_FIRST_PERSON = 5_100_000_000  # past 32 bits, as Telegram's ids have long been
_FIRST_BOT = 7_200_000_000


@dataclass(slots=True, eq=False)
class Person:
    """A person, or a bot: then `token`, `owner_id`, `secretary_mode` and `commands` mean something."""

    id: int
    access_hash: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    phone: str | None = None
    language: str = "en"
    is_bot: bool = False
    is_premium: bool = False
    password: str | None = field(default=None, repr=False)  # plain, for the sandbox has no secrets
    photo: File | None = None
    token: str | None = field(default=None, repr=False)
    owner_id: int | None = None
    secretary_mode: bool = False
    commands: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)  # by scope and language
    menu_buttons: dict[int, str] = field(default_factory=dict)  # its kind by chat; 0: everywhere else

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name

    def commands_for(self, viewer: Person) -> list[tuple[str, str]]:
        """What this bot's menu holds in a chat with the viewer: the narrowest scope, and in it his language, wins."""
        scopes = (f"chat:{viewer.id}", "all_private_chats", "default")
        languages = (viewer.language.partition("-")[0], "")
        lists = (self.commands.get((scope, language)) for scope in scopes for language in languages)
        return next((one for one in lists if one), [])


class People(Ground):
    """The directory."""

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[int, Person] = {}
        self._by_username: dict[str, Person] = {}
        self._by_phone: dict[str, Person] = {}
        self._by_token: dict[str, Person] = {}

    def add_person(
        self,
        first_name: str,
        last_name: str | None = None,
        *,
        username: str | None = None,
        phone: str | None = None,
        language: str = "en",
        is_premium: bool = False,
        password: str | None = None,
        photo: File | None = None,
        id: int | None = None,  # noqa: A002  the name that Telegram and every caller use
    ) -> Person:
        """Let a person sign up. Refuses an id, username or phone that is taken."""
        number = id or _FIRST_PERSON + len(self.people) * 1013
        return self._move_in(
            Person(
                number, secret_number("person", number), first_name, last_name, username, phone, language,
                is_premium=is_premium, password=password, photo=photo,
            )
        )  # fmt: skip

    def add_bot(
        self,
        name: str,
        username: str,
        owner: Person | None = None,
        *,
        token: str | None = None,
        secretary_mode: bool = True,
    ) -> Person:
        """Make a bot as BotFather does. Its id is the first part of its token."""
        number = int(token.partition(":")[0]) if token else _FIRST_BOT + len(self.people) * 1013
        secret = blake2b(username.encode(), digest_size=17).hexdigest()
        bot = Person(
            number, secret_number("person", number), name, username=username, is_bot=True,
            token=token or f"{number}:A{secret}", owner_id=owner.id if owner else None, secretary_mode=secretary_mode,
        )  # fmt: skip
        return self._move_in(bot)

    def _move_in(self, person: Person) -> Person:
        if person.id in self.people:
            raise Refused.bad_request("USER_ID_OCCUPIED")
        self._index(person)
        self.people[person.id] = person
        if person.token:
            self._by_token[person.token] = person
        self.emit(PersonChanged((person.id,), person))
        return person

    def _index(self, person: Person) -> None:
        username, phone = (person.username or "").lower(), _digits(person.phone or "")
        if self._by_username.get(username, person) is not person:
            raise Refused.bad_request("USERNAME_OCCUPIED")
        if self._by_phone.get(phone, person) is not person:
            raise Refused.bad_request("PHONE_NUMBER_OCCUPIED")
        self._by_username |= {username: person} if username else {}
        self._by_phone |= {phone: person} if phone else {}

    def change_person(self, person_id: int, **changes: Any) -> Person:
        """Give someone another name, photo, password …: fields of `Person` by name. Refuses what is taken."""
        person = self.person(person_id)
        before = {field_name: getattr(person, field_name) for field_name in changes}
        self._by_username.pop((person.username or "").lower(), None)
        self._by_phone.pop(_digits(person.phone or ""), None)
        try:
            _set(person, changes)
            self._index(person)
        except Refused:
            _set(person, before)
            self._index(person)
            raise
        self.emit(PersonChanged((person.id,), person))
        return person

    def person(self, person_id: int) -> Person:
        """Give the person or bot. Refuses an id that nobody has."""
        try:
            return self.people[person_id]
        except KeyError:
            raise Refused.bad_request("chat not found") from None

    def by_username(self, username: str) -> Person | None:
        return self._by_username.get(username.removeprefix("@").lower())

    def by_phone(self, phone: str) -> Person | None:
        return self._by_phone.get(_digits(phone))

    def by_token(self, token: str) -> Person | None:
        return self._by_token.get(token)


def _set(person: Person, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(person, name, value)


def _digits(phone: str) -> str:
    return "".join(filter(str.isdigit, phone))
