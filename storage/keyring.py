"""The keys of the vaults and of the registry, each wrapped by the master key.

Shredding a vault drops its wrapped key and wraps all others anew under a new master key, whose predecessor is
destroyed: a backup of the vault together with a backup of the keyring then opens with nothing that is left. The order
is: new master key beside the old one, new keyring, old master key gone. A crash at any point leaves a keyring that one
of the two opens.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage import durable
from storage.errors import KeyringDamaged, KeyringMissing, KeyUnknown, MasterKeyWrong, VaultExists
from storage.master_key import KEY_BYTES, MasterKey

REGISTRY = "registry"
NONCE_BYTES = 12


class Keyring:
    """The keyring file, open. Safe to call from several threads; every change is on the disk when it returns."""

    def __init__(self, path: Path, master: MasterKey) -> None:
        if not path.is_file():
            raise KeyringMissing(path)
        self.path = path
        self._lock = Lock()
        self._master = master
        self._epoch, self._wrapped = _parse(path)
        self._key = self._fitting(master)
        self._settle()

    def __repr__(self) -> str:
        return f"<Keyring {self.path.name}>"

    @classmethod
    def make(cls, path: Path, master: MasterKey) -> Keyring:
        """Start a keyring with the registry's key in it."""
        if path.exists():
            raise VaultExists(path)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        wrapped = {REGISTRY: _wrap(master.candidates[0], 1, REGISTRY, secrets.token_bytes(KEY_BYTES))}
        _write(path, 1, wrapped)
        return cls(path, master)

    def create(self, workspace_id: int) -> None:
        """Make the key of a new workspace."""
        name = str(workspace_id)
        with self._lock:
            if name in self._wrapped:
                raise VaultExists(self.path, workspace_id=workspace_id)
            key = secrets.token_bytes(KEY_BYTES)
            wrapped = {**self._wrapped, name: _wrap(self._key, self._epoch, name, key)}
            _write(self.path, self._epoch, wrapped)
            self._wrapped = wrapped

    def key(self, workspace_id: int | None, use: str = "vault") -> bytes:
        """The 32 bytes for one use (vault, media, …) of a workspace, or of the registry where the id is None."""
        with self._lock:
            root = self._root(REGISTRY if workspace_id is None else str(workspace_id), workspace_id)
        return HKDF(SHA256(), KEY_BYTES, None, f"wysper/{use}".encode()).derive(root)

    def holds(self, workspace_id: int) -> bool:
        """Whether there is a key for this workspace."""
        return str(workspace_id) in self._wrapped

    def forget(self, workspace_id: int) -> None:
        """Shred: afterwards nothing that is left opens this workspace's vault or any backup of it."""
        name = str(workspace_id)
        with self._lock:
            self._settle()
            if name not in self._wrapped:
                return
            keys = {other: self._root(other) for other in self._wrapped if other != name}
            new, epoch = self._master.propose(self._key), self._epoch + 1
            wrapped = {other: _wrap(new, epoch, other, key) for other, key in keys.items()}
            _write(self.path, epoch, wrapped)
            self._key, self._epoch, self._wrapped = new, epoch, wrapped
            self._settle()

    def _settle(self) -> None:
        """Destroy the other master key, where a replacement has just been made or was cut short by a crash."""
        if len(self._master.candidates) > 1:
            self._master.settle(self._key)

    def _root(self, name: str, workspace_id: int | None = None) -> bytes:
        if name not in self._wrapped:
            raise KeyUnknown(self.path, workspace_id=workspace_id)
        root = _unwrap(self._key, self._epoch, name, self._wrapped[name])
        if root is None:
            raise KeyringDamaged(self.path, workspace_id=workspace_id)
        return root

    def _fitting(self, master: MasterKey) -> bytes:
        for key in master.candidates:
            if _unwrap(key, self._epoch, REGISTRY, self._wrapped[REGISTRY]) is not None:
                return key
        raise MasterKeyWrong(self.path)


def _bound_to(epoch: int, name: str) -> bytes:
    """What a wrapped key is tied to, so that entries cannot be swapped or taken from an older keyring."""
    return f"wysper/{epoch}/{name}".encode()


def _wrap(master: bytes, epoch: int, name: str, key: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(master).encrypt(nonce, key, _bound_to(epoch, name))


def _unwrap(master: bytes, epoch: int, name: str, wrapped: bytes) -> bytes | None:
    try:
        return AESGCM(master).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _bound_to(epoch, name))
    except (InvalidTag, ValueError):
        return None


def _write(path: Path, epoch: int, wrapped: dict[str, bytes]) -> None:
    content = {"epoch": epoch, "keys": {name: key.hex() for name, key in wrapped.items()}}
    durable.write(path, json.dumps(content, indent=1).encode())


def _parse(path: Path) -> tuple[int, dict[str, bytes]]:
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
        wrapped = {str(name): bytes.fromhex(key) for name, key in content["keys"].items()}
        if REGISTRY not in wrapped:
            raise KeyringDamaged(path)
        return int(content["epoch"]), wrapped
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise KeyringDamaged(path) from error
