"""What goes wrong in the sandbox on command: each fault has a name, and lasts n times or until it is switched off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

FaultName = Literal[
    "bot_api_down",  # the connection is reset before anything is read
    "bot_api_slow",  # the call is carried out after `seconds`
    "bot_api_flood",  # 429 with retry_after = `seconds`
    "bot_api_5xx",  # 502, and nothing is carried out
    "bot_api_garbage",  # an answer that is no JSON, and nothing is carried out
    "bot_api_answer_lost",  # the call is carried out, then the connection is reset
    "bot_api_answer_cut",  # the call is carried out, its answer breaks off in the middle
    "bot_api_again",  # updates that were taken are handed out once more
    "bot_api_file_cut",  # a download breaks off in the middle
    "bot_api_file_slow",  # the second half of a download comes after `seconds`
    "bot_api_file_whole",  # a download begins at the file's beginning, wherever it was asked to
    "mtproto_cut",  # open connections are closed
    "mtproto_refused",  # new connections are closed at once
    "mtproto_answer_cut",  # the call is carried out, its answer breaks off in the middle
    "mtproto_flood",  # FLOOD_WAIT_<seconds>
    "mtproto_references_expired",  # every file reference that was given out is too old, when one is used
    "mtproto_peer_flood",  # PEER_FLOOD: the account may not write to people for now
    "mtproto_peer_refused",  # PEER_ID_INVALID, where a chat is named
    "mtproto_withheld",  # an update is not pushed: the count has a gap, which a difference fills
    "mtproto_twice",  # an update is pushed twice
    "mtproto_late",  # an update is pushed after `seconds`, behind those that followed it
    "mtproto_clock",  # the server's clock and the client's are `seconds` apart: behind, where negative
    "mtproto_swallow",  # what happens in an account is told to none of its devices, not in a difference either
    "mtproto_too_long",  # getDifference, or getChannelDifference by name, answers that it is too long
    "mtproto_channel_too_long",  # of what happens in a supergroup, devices are only told that something did
    "session_duplicated",  # AUTH_KEY_DUPLICATED, and the session is over
    "account_frozen",  # FROZEN_METHOD_INVALID
    "session_revoked",  # AUTH_KEY_UNREGISTERED from now on
]


@dataclass(slots=True)
class Fault:
    """One thing that is wrong. `left` counts down; None lasts until switched off; `method` narrows it to one call.

    It strikes each `every`th time that it could.
    """

    name: FaultName
    seconds: float = 0
    method: str | None = None
    left: int | None = None
    every: int = 1
    spared: int = 0  # how often it could have struck since it last did

    def strikes(self) -> bool:
        """Count one more time that it could, and say whether it does."""
        self.spared = (self.spared + 1) % self.every
        return not self.spared


BAD_DAY: Sequence[Fault] = (  # nothing that loses what the bot says: that is not said twice, for nobody may know
    Fault("bot_api_5xx", method="getUpdates", every=6),
    Fault("bot_api_answer_lost", method="getUpdates", every=7),
    Fault("bot_api_answer_cut", method="getUpdates", every=8),
    Fault("bot_api_again", every=3),
    Fault("bot_api_flood", seconds=1, every=6),
    Fault("mtproto_cut", every=9),
    Fault("mtproto_answer_cut", every=7),
    Fault("mtproto_flood", seconds=2, every=8),
    Fault("mtproto_withheld", every=4),
    Fault("mtproto_twice", every=3),
    Fault("mtproto_late", seconds=1, every=3),
)


class Faults:
    """The switches. A face asks `take` where the fault would strike; taking one uses it up once."""

    def __init__(self) -> None:
        self._on: list[Fault] = []
        self._listeners: list[Callable[[Fault], None]] = []

    def on(
        self,
        name: FaultName,
        *,
        seconds: float = 0,
        times: int | None = None,
        method: str | None = None,
        every: int = 1,
    ) -> Fault:
        """Switch a fault on, for `times` strikes or until `off`, for every call or for one `method`."""
        fault = Fault(name, seconds, method, times, every)
        self._on.append(fault)
        for listener in list(self._listeners):
            listener(fault)
        return fault

    def off(self, name: FaultName | None = None) -> None:
        """Switch off the faults of one name, or all of them."""
        self._on = [fault for fault in self._on if name is not None and fault.name != name]

    def take(self, name: FaultName, method: str | None = None) -> Fault | None:
        """Give the fault that strikes here, if one is on, and count it."""
        for fault in self._on:
            if fault.name == name and fault.method in (None, method) and fault.strikes():
                if fault.left is not None:
                    fault.left -= 1
                    if fault.left <= 0:
                        self._on.remove(fault)
                return fault
        return None

    @property
    def bad_day(self) -> bool:
        """Whether all of a bad day is switched on; setting it switches all of it on or off."""
        return {fault.name for fault in BAD_DAY} <= {fault.name for fault in self._on}

    @bad_day.setter
    def bad_day(self, wanted: bool) -> None:
        for fault in BAD_DAY:
            self.off(fault.name)
            if wanted:
                self.on(fault.name, seconds=fault.seconds, method=fault.method, every=fault.every)

    def active(self) -> tuple[Fault, ...]:
        """What is switched on now."""
        return tuple(self._on)

    def subscribe(self, listener: Callable[[Fault], None]) -> None:
        """Call `listener` with each fault as it is switched on, for those that strike at once (a cut connection)."""
        self._listeners.append(listener)
