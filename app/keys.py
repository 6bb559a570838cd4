"""Where key material comes from: a value, `file:PATH`, `credential:NAME`, or the data dir."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.settings import TOKEN, SettingRefused, Settings

SERVICE = "service.keys"
ROOT_PUBLIC = "root.pub"
RECOVERY_PUBLIC = "recovery.pub"
DEPLOYMENT = "deployment.id"

ROOT_SECRET = "root.key"  # noqa: S105 - a file's name
RECOVERY_SECRET = "recovery.key"  # noqa: S105 - a file's name


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """`keys/` holds what the bot needs; `offline/` exists only in a demo, where root and
    recovery keys may lie beside the data.
    """

    data_dir: Path

    @property
    def keys(self) -> Path:
        return self.data_dir / "keys"

    @property
    def offline(self) -> Path:
        return self.data_dir / "offline"


def write_private(path: Path, text: str) -> None:
    """A new file only its owner reads. Raises SettingRefused when it is there already."""
    _make_folder(path.parent)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    except FileExistsError:
        message = f"{path} is there already and is not overwritten"
        raise SettingRefused(message) from None
    except OSError as refused:
        raise SettingRefused(_unwritable(path, refused)) from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as refused:
        raise SettingRefused(_unwritable(folder, refused)) from None


def _unwritable(path: Path, refused: OSError) -> str:
    return f"{path} cannot be written ({type(refused).__name__})"


def read_key(
    name: str, given: str | None, default: Path, environment: Mapping[str, str] = os.environ
) -> str:
    """The key's text. Raises SettingRefused, naming the setting and never the key."""
    path = _place(given or f"file:{default}", environment)
    if path is None:
        return (given or "").strip()
    if not path.exists():
        message = f"{name}: {path} is not there; `sauti init` makes it"
        raise SettingRefused(message)
    return _text_at(path, name)


def bot_token(settings: Settings, environment: Mapping[str, str] = os.environ) -> str | None:
    """Raises SettingRefused, and never shows it."""
    if settings.bot_token is None:
        return None
    given = settings.bot_token.get_secret_value()
    path = _place(given, environment)
    if path is None:
        return given
    token = _text_at(path, "SAUTI_BOT_TOKEN")
    if not TOKEN.fullmatch(token):
        message = f"SAUTI_BOT_TOKEN: {path} holds no token"
        raise SettingRefused(message)
    return token


def _place(given: str, environment: Mapping[str, str]) -> Path | None:
    """None where it is the value itself."""
    match given.partition(":"):
        case ("file", _, place):
            return Path(place)
        case ("credential", _, credential):
            return Path(environment.get("CREDENTIALS_DIRECTORY", "")) / credential
        case _:
            return None


def _text_at(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as unreadable:
        message = f"{name}: {path} cannot be read ({type(unreadable).__name__})"
        raise SettingRefused(message) from None


def service_keys(settings: Settings) -> str:
    given = settings.service_keys.get_secret_value() if settings.service_keys else None
    default = KeyFolder(settings.data_dir).keys / SERVICE
    return read_key("SAUTI_SERVICE_KEYS", given, default)


def root_public(settings: Settings) -> str:
    default = KeyFolder(settings.data_dir).keys / ROOT_PUBLIC
    return read_key("SAUTI_ROOT_PUBLIC_KEY", settings.root_public_key, default)


def recovery_public(settings: Settings) -> str:
    default = KeyFolder(settings.data_dir).keys / RECOVERY_PUBLIC
    return read_key("SAUTI_RECOVERY_PUBLIC_KEY", settings.recovery_public_key, default)


def deployment_id(settings: Settings) -> bytes:
    """16 bytes that salt every code of this deployment; not secret, never changes."""
    path = KeyFolder(settings.data_dir).keys / DEPLOYMENT
    return bytes.fromhex(read_key("the deployment id", None, path))


def key_files(settings: Settings) -> tuple[Path, ...]:
    """Files outside the data folder that settings name as the place of a secret."""
    secrets = (settings.service_keys, settings.bot_token)
    given = [secret.get_secret_value().partition(":") for secret in secrets if secret]
    return tuple(Path(place) for kind, _, place in given if kind == "file")
