"""Keys: where the master key comes from, what is refused, and that what was shredded opens with nothing left."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storage import errors
from storage.keyring import Keyring
from storage.master_key import MasterKey, parse_secret

SECRET = bytes(range(32))


def new_keyring(folder: Path) -> Keyring:
    return Keyring.make(folder / "keyring", MasterKey.make(folder / "master.key"))


def reopened(folder: Path) -> Keyring:
    return Keyring(folder / "keyring", MasterKey.read(folder / "master.key"))


def test_keys_are_the_same_after_a_restart(tmp_path: Path) -> None:
    keyring = new_keyring(tmp_path)
    keyring.create(1)
    keyring.create(2)
    again = reopened(tmp_path)
    assert again.key(1) == keyring.key(1)
    assert again.key(None) == keyring.key(None)
    assert len({again.key(1), again.key(2), again.key(1, "media"), again.key(None)}) == 4


def test_both_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    new_keyring(tmp_path).create(1)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"keyring": 0o600, "master.key": 0o600}


def test_a_master_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    new_keyring(tmp_path)
    (tmp_path / "master.key").chmod(0o640)
    with pytest.raises(errors.MasterKeyExposed):
        reopened(tmp_path)


def test_another_installations_master_key_is_refused(tmp_path: Path) -> None:
    new_keyring(tmp_path)
    other = MasterKey.make(tmp_path / "other.key")
    with pytest.raises(errors.MasterKeyWrong):
        Keyring(tmp_path / "keyring", other)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("keyring", None, errors.KeyringMissing),
        ("keyring", b"", errors.KeyringDamaged),
        ("keyring", b'{"epoch": 1, "keys": {', errors.KeyringDamaged),
        ("keyring", b'{"epoch": 1, "keys": {}}', errors.KeyringDamaged),
        ("keyring", b'{"epoch": 1, "keys": {"registry": "00"}}', errors.MasterKeyWrong),
        ("master.key", None, errors.MasterKeyMissing),
        ("master.key", b"", errors.MasterKeyDamaged),
        ("master.key", b'{"bound": "alone", "stretching": null, "keys": ["00"]}', errors.MasterKeyDamaged),
    ],
)
def test_a_missing_or_torn_file_says_what_it_is(
    tmp_path: Path, name: str, content: bytes | None, kind: type[errors.StorageError]
) -> None:
    new_keyring(tmp_path)
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(kind) as caught:
        reopened(tmp_path)
    assert name in str(caught.value)


def test_nothing_is_ever_written_over_an_existing_key(tmp_path: Path) -> None:
    keyring = new_keyring(tmp_path)
    keyring.create(1)
    with pytest.raises(errors.VaultExists):
        keyring.create(1)
    with pytest.raises(errors.VaultExists):
        MasterKey.make(tmp_path / "master.key")
    with pytest.raises(errors.VaultExists):
        Keyring.make(tmp_path / "keyring", MasterKey.read(tmp_path / "master.key"))


def test_a_key_file_bound_to_a_secret_opens_with_it_alone(tmp_path: Path) -> None:
    Keyring.make(tmp_path / "keyring", MasterKey.make(tmp_path / "master.key", secret=SECRET))
    Keyring(tmp_path / "keyring", MasterKey.read(tmp_path / "master.key", secret=SECRET))
    with pytest.raises(errors.MasterSecretMissing, match="secret"):
        reopened(tmp_path)
    with pytest.raises(errors.MasterKeyWrong):
        Keyring(tmp_path / "keyring", MasterKey.read(tmp_path / "master.key", secret=SECRET[::-1]))


def test_a_key_file_bound_to_a_passphrase_opens_with_it_alone(tmp_path: Path) -> None:
    words = "correct horse battery staple"
    Keyring.make(tmp_path / "keyring", MasterKey.make(tmp_path / "master.key", passphrase=words))
    Keyring(tmp_path / "keyring", MasterKey.read(tmp_path / "master.key", passphrase=words))
    with pytest.raises(errors.MasterSecretMissing, match="passphrase"):
        reopened(tmp_path)
    with pytest.raises(errors.MasterKeyWrong):
        Keyring(tmp_path / "keyring", MasterKey.read(tmp_path / "master.key", passphrase=words + "!"))


@pytest.mark.parametrize(
    "text", [SECRET.hex(), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", f" {SECRET.hex().upper()} "]
)
def test_a_secret_is_read_as_hexadecimal_digits_or_base64(text: str) -> None:
    assert parse_secret(text) == SECRET


@pytest.mark.parametrize("text", ["", "hunter2", "00" * 31, "я" * 32])
def test_what_is_no_secret_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(errors.MasterKeyDamaged) as caught:
        parse_secret(text)
    assert not text or text not in str(caught.value)


def test_a_shredded_key_opens_with_no_backup_of_the_keyring(tmp_path: Path) -> None:
    keyring = new_keyring(tmp_path)
    for workspace in (1, 2):
        keyring.create(workspace)
    kept = keyring.key(2)
    shutil.copy(tmp_path / "keyring", tmp_path / "backup")
    keyring.forget(1)
    keyring.forget(1)
    with pytest.raises(errors.KeyUnknown):
        keyring.key(1)
    assert reopened(tmp_path).key(2) == keyring.key(2) == kept
    shutil.copy(tmp_path / "backup", tmp_path / "keyring")
    with pytest.raises(errors.MasterKeyWrong):
        reopened(tmp_path)


@pytest.mark.parametrize("secret", [None, SECRET])
def test_shredding_also_holds_where_the_secret_never_changes(tmp_path: Path, secret: bytes | None) -> None:
    keyring = Keyring.make(tmp_path / "keyring", MasterKey.make(tmp_path / "master.key", secret=secret))
    keyring.create(1)
    shutil.copy(tmp_path / "keyring", tmp_path / "backup")
    keyring.forget(1)
    with pytest.raises(errors.MasterKeyWrong):
        Keyring(tmp_path / "backup", MasterKey.read(tmp_path / "master.key", secret=secret))


CRASH = """
import os, shutil, sys
from pathlib import Path
from storage.errors import KeyUnknown
from storage.keyring import Keyring
from storage.master_key import MasterKey

def open_in(folder):
    return Keyring(folder / "keyring", MasterKey.read(folder / "master.key"))

def die_at(step):
    real, seen = {name: getattr(os, name) for name in ("fsync", "open", "rename", "replace", "unlink")}, [0]
    def wrap(name):
        def act(*args, **kwargs):
            seen[0] += 1
            if seen[0] == step:
                os._exit(9)
            return real[name](*args, **kwargs)
        return act
    for name in real:
        setattr(os, name, wrap(name))

root = Path(sys.argv[1])
first = Keyring.make(root / "keyring", MasterKey.make(root / "master.key"))
for workspace in (1, 2):
    first.create(workspace)
kept, step, finished = first.key(2), 0, False
while not finished:
    step += 1
    folder = root / str(step)
    folder.mkdir()
    for name in ("keyring", "master.key"):
        shutil.copy(root / name, folder / name)
    child = os.fork()
    if child == 0:
        die_at(step)
        open_in(folder).forget(1)
        os._exit(0)
    finished = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    found = open_in(folder)
    assert found.key(2) == kept, step
    found.forget(1)
    assert open_in(folder).key(2) == kept, step
    assert len(MasterKey.read(folder / "master.key").candidates) == 1, step
    try:
        found.key(1)
        raise SystemExit("not shredded")
    except KeyUnknown:
        pass
print(step)
"""


def test_shredding_that_is_killed_at_any_step_loses_no_other_key(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", CRASH, str(tmp_path)], capture_output=True, text=True, check=False, cwd=root
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10  # it died at that many steps before it once came through
