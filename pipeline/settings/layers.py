"""Where settings come from: options, before the environment, before `.env`, before `tongket.toml`, before defaults."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from pipeline.settings.model import NAMES, PREFIX, Settings, as_database_url

DOTENV = Path(".env")
TOML = Path("tongket.toml")
CONFIG = f"{PREFIX}CONFIG"
"""The variable that names another file than `tongket.toml`. It is no setting itself."""

DEFAULT, OPTION = "default", "option"
"""Where a value came from that no variable or file gave."""

_CONFIG_KEY = CONFIG.removeprefix(PREFIX).lower()
_TESTS = f"{PREFIX}TEST_".lower()  # the tests' own variables
_HIDDEN = {"db", "webhook"}  # may hold a password: no message repeats them


class SettingsError(ValueError):
    """Settings that cannot be used. `problems` are lines that each name the place, the setting, and what is wrong."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class InForce:
    """Settings and where each came from: field → `default`, `option`, `TONGKET_BATCH`, `.env`, `tongket.toml`."""

    settings: Settings
    origins: Mapping[str, str]


@dataclass
class _Layer:
    """What one place gives: name of a setting → its value as written; `stray` are keys that are none."""

    place: str  # "" for the environment
    values: dict[str, Any] = field(default_factory=dict)
    stray: list[str] = field(default_factory=list)

    def key(self, name: str) -> str:
        """The setting as this place writes it, behind the place where that is a file."""
        written = name if self.place.endswith(".toml") else f"{PREFIX}{name.upper()}"
        return f"{self.place}: {written}" if self.place else written

    def origin(self, name: str) -> str:
        """Where a value of this layer came from, for people."""
        return self.place or f"{PREFIX}{name.upper()}"

    def problems(self) -> list[str]:
        """A line for each key that is no setting, with the one that was perhaps meant."""
        known = list(NAMES) if self.place.endswith(".toml") else [*NAMES, _CONFIG_KEY]
        told = []
        for key in self.stray:
            near = difflib.get_close_matches(key.lower(), known, n=1)
            meant = f"; {self.key(near[0]).removeprefix(f'{self.place}: ')}?" if near else ""
            told.append(f"{self.key(key)}: no such setting{meant}")
        return told


class _Given(BaseSettings):
    """What pydantic-settings reads: no field, since `Settings` judges the values and the layers are kept apart."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True)


def load_settings(environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Settings by options, environment, `.env`, `tongket.toml` and defaults, in that order.

    `overrides` are fields, as options give them; None is not given. With a mapping `environ` nothing but that is read,
    no file and no variable. Raises `SettingsError`, a line for each value that cannot be used and each key that is no
    setting: `TONGKET_BACTH: no such setting; TONGKET_BATCH?`.
    """
    return settings_in_force(environ, **overrides).settings


def settings_in_force(environ: Mapping[str, str] | None = None, **overrides: object) -> InForce:
    """The same, with where each came from. Raises `SettingsError`."""
    layers = _layers() if environ is None else [_variables("", {k.lower(): v for k, v in environ.items()})]
    if problems := [problem for layer in layers for problem in layer.problems()]:
        raise SettingsError(problems)
    values: dict[str, Any] = {}
    origins = dict.fromkeys(Settings.model_fields, DEFAULT)
    keys: dict[str, str] = {}
    for layer in reversed(layers):
        for name, value in layer.values.items():
            where = NAMES[name]
            values[where], origins[where], keys[where] = value, layer.origin(name), layer.key(name)
    for where, told in overrides.items():
        if told is not None:
            values[where], origins[where], keys[where] = told, OPTION, where
    if "database_url" in values:
        values["database_url"] = as_database_url(str(values["database_url"]))
    try:
        return InForce(Settings.model_validate(values), origins)
    except ValidationError as error:
        raise SettingsError(_lines(error, keys)) from error


def _lines(error: ValidationError, keys: Mapping[str, str]) -> list[str]:
    """A line for each wrong value: `TONGKET_BATCH: 'many': Input should be a valid integer, …`."""
    hidden = {NAMES[name] for name in _HIDDEN}
    told = []
    for one in error.errors(include_url=False):
        where = str(one["loc"][0]) if one["loc"] else ""
        what = one["msg"].removeprefix("Value error, ")
        shown = repr(one["input"])
        value = "" if where in hidden or what.startswith(shown) else f"{shown[:100]}: "
        told.append(" ".join(f"{keys.get(where, where)}: {value}{what}".split()))
    return told


def _layers() -> list[_Layer]:
    """Environment, `.env` and TOML file of this process, the first before the others."""
    environ = EnvSettingsSource(_Given).env_vars
    layers = [_variables("", environ)]
    told = dict(environ)
    if DOTENV.is_file():
        try:
            dotenv = DotEnvSettingsSource(_Given, env_file=DOTENV, env_file_encoding="utf-8").env_vars
        except (OSError, ValueError) as error:
            raise SettingsError([f"{DOTENV}: cannot be read: {error}"]) from error
        layers.append(_variables(str(DOTENV), dotenv))
        told = {**dotenv, **environ}
    config = told.get(CONFIG.lower())
    path = Path(config).expanduser() if config else TOML
    if config and not path.is_file():
        raise SettingsError([f"{CONFIG}: {config}: no such file"])
    if path.is_file():
        layers.append(_toml(path))
    return layers


def _variables(place: str, told: Mapping[str, str | None]) -> _Layer:
    """The settings among variables, whose names come in lower case; what is empty is not given."""
    layer = _Layer(place)
    for variable, value in told.items():
        if not variable.startswith(PREFIX.lower()) or variable.startswith(_TESTS):
            continue
        name = variable.removeprefix(PREFIX.lower())
        if name in NAMES and value:
            layer.values[name] = value
        elif name not in NAMES and name != _CONFIG_KEY:
            layer.stray.append(name)
    return layer


def _toml(path: Path) -> _Layer:
    try:
        told = TomlConfigSettingsSource(_Given, toml_file=path).toml_data
    except RecursionError:
        raise SettingsError([f"{path}: cannot be read: nested too deeply"]) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{path}: no TOML: {error}"]) from error
    except (OSError, ValueError) as error:
        raise SettingsError([f"{path}: cannot be read: {error}"]) from error
    layer = _Layer(str(path))
    for name, value in told.items():
        if name not in NAMES:
            layer.stray.append(name)
        elif value != "":
            layer.values[name] = value
    return layer
