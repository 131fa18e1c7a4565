"""The key over all keys: a key file that is replaced whenever something is shredded, alone or bound to a secret."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage import durable
from storage.errors import MasterKeyDamaged, MasterKeyExposed, MasterKeyMissing, MasterSecretMissing, VaultExists

KEY_BYTES = 32
ALONE, SECRET, PASSPHRASE = "alone", "secret", "passphrase"


@dataclass(frozen=True)
class Stretching:
    """How a passphrase becomes a key: Argon2id's parameters, memory in KiB (RFC 9106's second choice)."""

    salt: str
    iterations: int = 3
    lanes: int = 4
    memory_cost: int = 64 * 1024

    def stretch(self, passphrase: str) -> bytes:
        """The 32 bytes of a passphrase; takes some tenths of a second on purpose."""
        return Argon2id(
            salt=bytes.fromhex(self.salt),
            length=KEY_BYTES,
            iterations=self.iterations,
            lanes=self.lanes,
            memory_cost=self.memory_cost,
        ).derive(passphrase.encode())


def parse_secret(text: str) -> bytes:
    """The 32 bytes that an environment variable or secret file holds, in hexadecimal digits or base64."""
    text = text.strip()
    for decode in (bytes.fromhex, _decode_base64):
        try:
            secret = decode(text)
        except ValueError:
            continue
        if len(secret) == KEY_BYTES:
            return secret
    raise MasterKeyDamaged


def _decode_base64(text: str) -> bytes:
    return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)


class MasterKey:
    """The master key of an installation.

    Between `propose` and `settle` the file holds two keys, so that a crash loses neither; the keyring knows which fits.
    """

    def __init__(self, path: Path, keys: list[bytes], stretching: Stretching | None, binding: bytes | None) -> None:
        self.path = path
        self._keys = keys
        self._stretching = stretching
        self._binding = binding

    def __repr__(self) -> str:
        return f"<MasterKey {self.path.name}>"

    @classmethod
    def make(cls, path: Path, *, secret: bytes | None = None, passphrase: str | None = None) -> MasterKey:
        """Write a new key file, readable by its owner alone; it opens only with the secret or passphrase given here."""
        if path.exists():
            raise VaultExists(path)
        stretching = Stretching(salt=secrets.token_hex(16)) if passphrase is not None else None
        binding = stretching.stretch(passphrase) if stretching and passphrase is not None else secret
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = cls(path, [secrets.token_bytes(KEY_BYTES)], stretching, binding)
        durable.write(path, made._text())
        return made

    @classmethod
    def read(cls, path: Path, *, secret: bytes | None = None, passphrase: str | None = None) -> MasterKey:
        """The key file as it stands; refuses one that others may read, or that wants a secret it is not given."""
        if not path.is_file():
            raise MasterKeyMissing(path)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise MasterKeyExposed(path)
        bound, stretching, keys = _parse(path)
        if bound == PASSPHRASE and stretching is not None and passphrase is not None:
            return cls(path, keys, stretching, stretching.stretch(passphrase))
        if bound == SECRET and secret is not None:
            return cls(path, keys, None, secret)
        if bound != ALONE:
            raise MasterSecretMissing(path, wanted=bound)
        return cls(path, keys, None, None)

    @property
    def candidates(self) -> list[bytes]:
        """The keys that may open the keyring: one, or two where a replacement was cut short."""
        return [self._bind(key) for key in self._keys]

    def propose(self, present: bytes) -> bytes:
        """A new key, kept in the file beside the present one until `settle`."""
        kept = [key for key in self._keys if self._bind(key) == present]
        new = secrets.token_bytes(KEY_BYTES)
        self._keep([*kept, new])
        return self._bind(new)

    def settle(self, right: bytes) -> None:
        """Keep this one candidate and destroy the other."""
        self._keep([key for key in self._keys if self._bind(key) == right])

    def _bind(self, key: bytes) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, self._binding, b"wysper/master").derive(key)

    def _keep(self, keys: list[bytes]) -> None:
        before, self._keys = self._keys, keys
        try:
            durable.replace_and_wipe(self.path, self._text())
        except BaseException:
            self._keys = before
            raise

    def _text(self) -> bytes:
        bound = PASSPHRASE if self._stretching else SECRET if self._binding else ALONE
        stretching = asdict(self._stretching) if self._stretching else None
        keys = [key.hex() for key in self._keys]
        return json.dumps({"bound": bound, "stretching": stretching, "keys": keys}, indent=1).encode()


def _parse(path: Path) -> tuple[str, Stretching | None, list[bytes]]:
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
        stretching = Stretching(**content["stretching"]) if content["stretching"] else None
        keys = [bytes.fromhex(key) for key in content["keys"]]
        bound = str(content["bound"])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise MasterKeyDamaged(path) from error
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise MasterKeyDamaged(path)
    return bound, stretching, keys
