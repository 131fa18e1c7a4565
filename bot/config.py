"""The configuration: config.toml, overridden by secret files, overridden by the environment.

`WYSPER_TELEGRAM__TOKEN` in the environment, or a file of that name in the folder `WYSPER_SECRETS_DIR` (else in
/run/secrets), sets `token` of `[telegram]`; so for every setting. Nothing here is read at import.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

PREFIX = "WYSPER_"
SECRETS_DIR = "WYSPER_SECRETS_DIR"
OTHER_VARIABLES = {"WYSPER_CONFIG", SECRETS_DIR}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
Port = Annotated[int, Field(ge=0, le=65535)]


class ConfigError(Exception):
    """The configuration cannot be used; the text names the setting and never its value."""


class Section(BaseModel):
    """One table of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Telegram(Section):
    """`[telegram]`: the control bot and the server behind it."""

    token: SecretStr = SecretStr("")
    api: str = Field("https://api.telegram.org", pattern=r"^https?://[^/]+")
    updates: Literal["polling", "webhook"] = "polling"
    webhook_url: str = Field("", pattern=r"^(https?://.+)?$")
    webhook_secret: SecretStr = SecretStr("")
    listen_host: str = "127.0.0.1"
    listen_port: Port = 8080

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Self:
        if self.updates == "webhook" and not (self.webhook_url and self.webhook_secret.get_secret_value()):
            raise ValueError("updates by webhook need webhook_url and webhook_secret")
        return self


class Userbot(Section):
    """`[userbot]`: the application as which accounts are mirrored, and the server where they live."""

    api_id: int = Field(0, ge=0)
    api_hash: SecretStr = SecretStr("")
    dc_id: int = Field(2, ge=1)
    address: str = ""
    port: Port = 443
    public_keys: tuple[str, ...] = ()

    @property
    def on(self) -> bool:
        """Whether accounts can be linked at all."""
        return bool(self.api_id)

    @model_validator(mode="after")
    def _application_is_whole(self) -> Self:
        if bool(self.api_id) != bool(self.api_hash.get_secret_value()):
            raise ValueError("api_id and api_hash belong together")
        return self


class Web(Section):
    """`[web]`: the page on which an account is linked by phone, code and second password."""

    address: str = Field("", pattern=r"^(https?://[^/?#]+(/[^?#]*)?)?$")
    listen_host: str = "127.0.0.1"
    listen_port: Port = 8081

    @model_validator(mode="after")
    def _nobody_listens_in(self) -> Self:
        parts = urlsplit(self.address)
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("address must begin with https:// unless it is this machine's own")
        return self


class Storage(Section):
    """`[storage]`: where the vaults are and what opens them."""

    folder: Path = Path("data")
    key_file: Path = Path("master.key")
    key_secret: SecretStr = SecretStr("")
    key_passphrase: SecretStr = SecretStr("")
    open_vaults: int = Field(64, ge=1)

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if self.key_secret.get_secret_value() and self.key_passphrase.get_secret_value():
            raise ValueError("key_secret and key_passphrase exclude one another")
        return self


class Operator(Section):
    """`[operator]`: who runs this installation, as `/privacy` names him, and what he has decided."""

    name: str = ""
    email: str = ""
    website: str = ""
    open_sign_up: bool = False
    grace_days: int = Field(30, ge=1)
    policy_version: str = "1"


class Log(Section):
    """`[log]`."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Config(BaseSettings):
    """Everything that the operator decides."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        secrets_dir_missing="ok",
    )

    telegram: Telegram = Telegram()
    userbot: Userbot = Userbot()
    web: Web = Web()
    storage: Storage = Storage()
    operator: Operator = Operator()
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  there is none
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The strongest first; what `load` read from the file comes last."""
        _ = settings_cls
        return env_settings, NestedSecretsSettingsSource(file_secret_settings), init_settings


def load(path: Path) -> Config:
    """The configuration in this file, overridden from outside. Relative paths in it start at its folder.

    Raises ConfigError.
    """
    _refuse_unknown_variables()
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"there is no {path}; `wysper init` writes one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {type(error).__name__}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}") from None
    try:
        config = Config(**content, _secrets_dir=os.environ.get(SECRETS_DIR, "/run/secrets"))
    except ValidationError as error:
        raise ConfigError(f"{path}: {_explain(error)}") from None
    except SettingsError as error:
        raise ConfigError(str(error)) from None
    return _at(config, path.resolve().parent)


def load_for_running(path: Path) -> Config:
    """The same, and it has a token."""
    config = load(path)
    if not config.telegram.token.get_secret_value():
        raise ConfigError(f"telegram.token: not set; put the token of your bot into {path}")
    return config


def load_for_login(path: Path) -> Config:
    """The same, and accounts can be linked."""
    config = load(path)
    if not config.userbot.on:
        raise ConfigError("userbot.api_id: not set; get one at https://my.telegram.org/apps")
    return config


def _at(config: Config, home: Path) -> Config:
    """The same with absolute paths."""
    storage = config.storage
    places = {name: home / getattr(storage, name).expanduser() for name in ("folder", "key_file")}
    keys = tuple(_pem(home, key) for key in config.userbot.public_keys)
    userbot = config.userbot.model_copy(update={"public_keys": keys})
    return config.model_copy(update={"storage": storage.model_copy(update=places), "userbot": userbot})


def _pem(home: Path, key: str) -> str:
    """A public key as text, where the setting has it or names its file."""
    if "-----" in key:
        return key
    try:
        return (home / key).expanduser().read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"userbot.public_keys: a key file cannot be read: {type(error).__name__}") from None


def _explain(error: ValidationError) -> str:
    """Each setting that does not fit, and why."""
    reasons = []
    for fault in error.errors(include_input=False, include_url=False, include_context=False):
        name = ".".join(str(part) for part in fault["loc"])
        unknown = fault["type"] == "extra_forbidden"
        reasons.append(f"{name}: {'there is no such setting' if unknown else fault['msg']}")
    return "; ".join(reasons)


def _refuse_unknown_variables() -> None:
    """A variable that is spelled wrong would silently do nothing."""
    for name in os.environ:
        if not name.startswith(PREFIX) or name in OTHER_VARIABLES:
            continue
        section = name.removeprefix(PREFIX).partition("__")[0].lower()
        if section not in Config.model_fields:
            raise ConfigError(f"the environment variable {name} sets nothing: there is no section [{section}]")
