"""Where each person stands in a dialog, kept in the registry so that a restart forgets nobody's half-given answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, DefaultKeyBuilder, StateType, StorageKey

from crm.ports import Clock
from storage.dialogs import Dialog
from storage.registry import Registry

KEYS = DefaultKeyBuilder(prefix="", with_destiny=True)


class Dialogs(BaseStorage):
    """aiogram's storage of states over the table `dialogs`; data is JSON and nothing else."""

    def __init__(self, registry: Registry, clock: Clock) -> None:
        self._registry = registry
        self._clock = clock

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Go to a step, or leave the dialog."""
        await self._change(key, state=state.state if isinstance(state, State) else state)

    async def get_state(self, key: StorageKey) -> str | None:
        """The step, or None outside of any dialog."""
        return (await self._read(key)).state

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Keep what the dialog has gathered, in place of what was there."""
        await self._change(key, data=dict(data))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """What the dialog has gathered."""
        return dict((await self._read(key)).data)

    async def close(self) -> None:
        """Nothing: the registry belongs to the app."""

    async def _read(self, key: StorageKey) -> Dialog:
        name = KEYS.build(key)
        return await self._registry.recall(Dialog, name) or self._fresh(name)

    async def _change(self, key: StorageKey, **changes: Any) -> None:
        name = KEYS.build(key)
        now = await self._read(key)
        if all(getattr(now, field) == value for field, value in changes.items()):
            return
        async with self._registry.transaction() as session:
            dialog = await session.get(Dialog, name) or self._fresh(name)
            for field, value in {**changes, "changed_at": self._clock.now()}.items():
                setattr(dialog, field, value)
            if dialog.state is None and not dialog.data:
                await session.delete(dialog) if dialog in session else None
            else:
                session.add(dialog)

    def _fresh(self, name: str) -> Dialog:
        return Dialog(key=name, changed_at=self._clock.now())
