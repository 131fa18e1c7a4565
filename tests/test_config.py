from __future__ import annotations

import stat
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot import config, setup
from bot.config import Config, ConfigError

SECRET = "7200000001:AAsecretsecretsecretsecretsecretsecret"


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as refused:
        config.load(path)
    return str(refused.value)


def test_the_example_names_every_setting_with_its_default() -> None:
    shown = tomllib.loads(setup.EXAMPLE.read_text(encoding="utf-8"))
    assert shown == _plain(Config.model_construct())


def test_each_setting_of_the_example_has_its_sentence() -> None:
    lines = setup.EXAMPLE.read_text(encoding="utf-8").splitlines()
    for before, line in pairwise(lines):
        if " = " in line and not line.startswith("#"):
            assert before.startswith("# "), line
            assert before.endswith("."), line


def _plain(section: BaseModel) -> dict[str, object]:
    plain: dict[str, object] = {}
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            plain[name] = _plain(value)
        elif hasattr(value, "get_secret_value"):
            plain[name] = value.get_secret_value()
        else:
            plain[name] = list(value) if isinstance(value, tuple) else str(value) if isinstance(value, Path) else value
    return plain


def test_a_setting_that_does_not_exist_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, '[telegram]\ntokn = "x"\n')
    assert "telegram.tokn: there is no such setting" in refusal(path)


def test_a_wrong_value_is_named_and_never_shown(tmp_path: Path) -> None:
    path = written(tmp_path, f'[operator]\ngrace_days = "{SECRET}"\n')
    words = refusal(path)
    assert "operator.grace_days" in words
    assert SECRET not in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[telegram", "is not TOML"),
        ('[telegram]\nupdates = "webhook"\n', "webhook_url and webhook_secret"),
        ('[telegram]\napi = "telegram.org"\n', "telegram.api"),
        ("[userbot]\napi_id = 5\n", "api_id and api_hash belong together"),
        ('[userbot]\npublic_keys = ["nowhere.pem"]\n', "userbot.public_keys"),
        ('[storage]\nkey_secret = "a"\nkey_passphrase = "b"\n', "exclude one another"),
        ("[log]\nlevel = 5\n", "log.level"),
        ("[payments]\nx = 1\n", "payments: there is no such setting"),
    ],
)
def test_what_cannot_be_right_is_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    assert words in refusal(written(tmp_path, text))


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    assert "wysper init" in refusal(tmp_path / "config.toml")


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, '[telegram]\ntoken = "in the file"\n[operator]\ngrace_days = 40\n')
    monkeypatch.setenv("WYSPER_TELEGRAM__TOKEN", SECRET)
    loaded = config.load(path)
    assert loaded.telegram.token.get_secret_value() == SECRET
    assert loaded.operator.grace_days == 40
    assert SECRET not in repr(loaded)


def test_a_secret_file_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, '[telegram]\ntoken = "in the file"\n')
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "wysper_telegram__token").write_text(f"{SECRET}\n")
    monkeypatch.setenv("WYSPER_SECRETS_DIR", str(secrets))
    assert config.load(path).telegram.token.get_secret_value() == SECRET


def test_a_variable_that_sets_nothing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "")
    monkeypatch.setenv("WYSPER_TELEGRAM__TOKN", "x")
    assert "telegram.tokn" in refusal(path)
    monkeypatch.delenv("WYSPER_TELEGRAM__TOKN")
    monkeypatch.setenv("WYSPER_TELEGRAN__TOKEN", "x")
    assert "WYSPER_TELEGRAN__TOKEN sets nothing" in refusal(path)


def test_paths_start_at_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, '[storage]\nkey_file = "keys/master.key"\n')
    monkeypatch.chdir("/")
    loaded = config.load(path)
    assert loaded.storage.folder == tmp_path / "data"
    assert loaded.storage.key_file == tmp_path / "keys" / "master.key"


async def test_what_init_writes_loads_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    said: list[str] = []
    await setup.initialise(path, SECRET, say=said.append)
    loaded = config.load(path)
    assert loaded.telegram.token.get_secret_value() == SECRET
    for secret in (path, loaded.storage.key_file):
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert not loaded.storage.key_file.is_relative_to(loaded.storage.folder)
    assert SECRET not in " ".join(said)
    await setup.initialise(path, "", say=said.append)  # again: nothing is overwritten
    assert config.load(path) == loaded


async def test_a_key_inside_the_data_folder_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, '[storage]\nkey_file = "data/master.key"\n')
    with pytest.raises(ConfigError, match="must not lie in the folder"):
        await setup.initialise(path, "", say=lambda _: None)
