"""A shop to be measured: an installation as `wysper init` makes one, with a team, clients and their messages in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from pydantic import SecretStr

from benchmarks.texts import FIRST_DAY, LAST_DAY, Written
from bot.clock import SystemClock
from bot.config import Config, Log, Operator, Storage, Telegram
from crm import access, members, mirror, people, workspaces
from crm.installation import Installation
from crm.seen import Peer, Seen, Source
from storage.accounts import Account
from storage.people import Person
from storage.vault import Vault

TOKEN = "7300000000:AAbenchbenchbenchbenchbenchbenchbench"  # noqa: S105  of a bot in the sandbox
ACCOUNT = 7_000_000_000
CLIENTS = 7_100_000_000  # and upwards
BATCH = 500  # messages a commit, as the backfill does it


def configured(folder: Path, *, api: str = "https://api.telegram.org") -> Config:
    """Everything in one folder, and no word from the environment."""
    return Config.model_construct(
        telegram=Telegram(token=SecretStr(TOKEN), api=api),
        storage=Storage(folder=folder / "data", key_file=folder / "master.key"),
        operator=Operator(open_sign_up=True),
        log=Log(level="WARNING"),
    )


def as_toml(config: Config) -> str:
    """The same for a process of its own."""
    telegram, storage = config.telegram, config.storage
    return (
        f'[telegram]\ntoken = "{telegram.token.get_secret_value()}"\napi = "{telegram.api}"\n'
        f'[storage]\nfolder = "{storage.folder}"\nkey_file = "{storage.key_file}"\n'
        f'[log]\nlevel = "{config.log.level}"\n'
    )


async def found(installation: Installation, owners: Sequence[int]) -> None:
    """A workspace for each of these people."""
    for person_id in owners:
        await people.admit(installation, visitor(person_id), None)
        await workspaces.found(installation, person_id, f"Shop {person_id}")


async def hire(installation: Installation, owner: int, agents: Sequence[int]) -> None:
    """Seats in the owner's workspace, the first one here."""
    async with access.enter(installation, owner, 1) as desk:
        for person_id in agents:
            await people.admit(installation, visitor(person_id), await members.invite(desk, "agent"))


def visitor(person_id: int) -> Person:
    """Somebody as he comes through the door, under the name that he has in the sandbox as well."""
    return Person(id=person_id, first_name=name(person_id), language="en", first_seen_at=SystemClock().now())


def name(person_id: int) -> str:
    """What a person of these figures is called."""
    return f"Person {person_id}"


async def fill(vault: Vault, written: Sequence[Written]) -> None:
    """Take a correspondence in, through the mirror."""
    async with vault.transaction() as session:
        session.add(Account(id=ACCOUNT, connected_at=FIRST_DAY))
    for batch in batches(written):
        async with vault.transaction() as session:
            await mirror.record(session, [_seen(one) for one in batch], heard_at=LAST_DAY)


def batches(written: Sequence[Written]) -> Iterator[list[Written]]:
    """As many at a time as one commit takes."""
    rest = iter(written)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _seen(one: Written) -> Seen:
    client = CLIENTS + one.client
    return Seen(
        source=Source.USERBOT,
        account_id=ACCOUNT,
        peer=Peer(client, f"Q{one.client}", username=f"q{one.client}"),  # a name that no search here asks for
        message_id=one.number,
        sender_id=ACCOUNT if one.outgoing else client,
        outgoing=one.outgoing,
        sent_at=one.sent_at,
        text=one.text,
        kind=one.kind,
    )
