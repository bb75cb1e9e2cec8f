"""All settings, read once from the environment into one frozen Struct; `.env.example` documents each."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

# No address of a recording or of what is made of it opens for longer, whoever sets what.
LONGEST_LINK_S = 600


class SettingsError(Exception):
    """The environment does not make a runnable configuration; the message names the variable."""


class Secret:
    """A string that cannot be printed, formatted or serialised by accident; `reveal()` gives it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Field NAME is read from the variable NAME in capitals where seed 004 names it so, else from LECTERN_NAME."""

    # Named by the seeds
    database_url: Secret = Secret("postgresql+asyncpg://lectern@127.0.0.1:5432/lectern")
    redis_url: Secret = Secret("redis://127.0.0.1:6379/0")
    s3_endpoint: str = ""
    s3_access_key: Secret = Secret("")
    s3_secret_key: Secret = Secret("")
    livekit_url: str = "ws://127.0.0.1:7880"
    livekit_api_key: str = ""
    livekit_api_secret: Secret = Secret("")
    encryption_key: Secret = Secret("")
    next_public_clerk_publishable_key: str = ""
    clerk_secret_key: Secret = Secret("")
    port: int = 5000

    # Our own, LECTERN_*
    mode: Literal["embedded", "production"] = "embedded"
    host: str = "127.0.0.1"
    public_url: str = "http://127.0.0.1:5000"
    livekit_internal_url: str = ""
    control_url: str = "http://127.0.0.1:5000"
    old_encryption_keys: Secret = Secret("")
    internal_token: Secret = Secret("")
    storage_url: str = "file:///var/lib/lectern/objects"
    data_dir: str = "/var/lib/lectern"
    web_dir: str = "web/dist"
    upload_max_mb: int = 50
    links_open_s: int = LONGEST_LINK_S
    drain_s: int = 3600
    egress_engine: Literal["lectern", "livekit"] = "lectern"
    poster_every_s: int = 10
    tls_ca_file: str = ""
    video_encoder: Literal["auto", "libx264", "h264_nvenc"] = "libx264"
    agents_port: int = 0
    asr_socket: str = "/run/lectern/asr.sock"
    asr_model: str = "tiny.en"
    asr_threads: int = 2
    asr_url: str = ""
    asr_key: Secret = Secret("")
    offline_models: str = "tiny.en"
    language_model_url: str = ""
    language_model: str = ""
    language_model_key: Secret = Secret("")
    translate_into: str = ""
    trusted_proxies: str = ""
    session_max_s: int = 43_200
    session_idle_s: int = 7_200
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: Secret = Secret("")
    oidc_name: str = ""
    oidc_tenant_id: str = ""
    oidc_default_role: Literal["", "student", "assistant", "teacher"] = ""
    youtube_client_id: str = ""
    youtube_client_secret: Secret = Secret("")
    twitch_client_id: str = ""
    twitch_client_secret: Secret = Secret("")
    platforms_url: str = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def livekit_api_url(self) -> str:
        """Address for server-side calls and agents; the browser's may be another."""
        return self.livekit_internal_url or self.livekit_url


BY_SEED_NAME = frozenset(
    {
        "database_url",
        "redis_url",
        "s3_endpoint",
        "s3_access_key",
        "s3_secret_key",
        "livekit_url",
        "livekit_api_key",
        "livekit_api_secret",
        "encryption_key",
        "next_public_clerk_publishable_key",
        "clerk_secret_key",
        "port",
    }
)
PREFIX = "LECTERN_"
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?")
ENCRYPTION_KEY = re.compile(r"[0-9a-fA-F]{64}")


def variable(field: str) -> str:
    return field.upper() if field in BY_SEED_NAME else PREFIX + field.upper()


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Raises SettingsError for a bad value, an unknown LECTERN_* variable, or a production set-up without its secrets."""
    env = os.environ if environ is None else environ
    names = {variable(field): field for field in Settings.__struct_fields__}
    unknown = sorted(name for name in env if name.startswith(PREFIX) and name not in names)
    if unknown:
        raise SettingsError(f"unknown setting {unknown[0]}; .env.example lists them all")
    raw = {field: env[name] for name, field in names.items() if name in env}
    try:
        settings = msgspec.convert(raw, Settings, strict=False, dec_hook=_decode)
    except msgspec.ValidationError as error:
        raise SettingsError(str(error)) from None
    _check(settings)
    return settings


def _decode(kind: type, value: object) -> object:
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    raise NotImplementedError(f"cannot read a {kind.__name__}")


def _check(settings: Settings) -> None:
    key = settings.encryption_key.reveal()
    if key and not ENCRYPTION_KEY.fullmatch(key):
        raise SettingsError("ENCRYPTION_KEY must be 64 hexadecimal digits (openssl rand -hex 32)")
    old_keys(settings)
    if not 2 <= settings.links_open_s <= LONGEST_LINK_S:
        raise SettingsError(f"LECTERN_LINKS_OPEN_S must be from 2 to {LONGEST_LINK_S}")
    if not offline_models(settings):
        raise SettingsError("LECTERN_OFFLINE_MODELS must name at least one model")
    if settings.tls_ca_file and not Path(settings.tls_ca_file).is_file():
        raise SettingsError("LECTERN_TLS_CA_FILE must name a file of certificates (PEM)")
    _check_language_model(settings)
    if settings.mode == "production":
        _check_production(settings)


def _check_language_model(settings: Settings) -> None:
    if settings.language_model_url and not settings.language_model:
        raise SettingsError(
            "LECTERN_LANGUAGE_MODEL must name the model of LECTERN_LANGUAGE_MODEL_URL"
        )
    if unknown := [code for code in languages_of(settings) if not LANGUAGE.fullmatch(code)]:
        raise SettingsError(f"LECTERN_TRANSLATE_INTO wants codes as de,fr,pt-BR, not {unknown[0]}")
    if settings.translate_into and not settings.language_model_url:
        raise SettingsError("LECTERN_TRANSLATE_INTO needs LECTERN_LANGUAGE_MODEL_URL")


def _check_production(settings: Settings) -> None:
    # ENCRYPTION_KEY is the control plane's alone: its keyring refuses to start without one.
    for field in ("internal_token", "livekit_api_key", "livekit_api_secret"):
        if not getattr(settings, field):
            raise SettingsError(f"production needs {variable(field)}")
    if not settings.public_url.startswith("https://"):
        raise SettingsError(
            "production serves only HTTPS: LECTERN_PUBLIC_URL must start with https://"
        )
    if settings.egress_engine == "livekit" and settings.storage_url.startswith("file:"):
        raise SettingsError(
            "LECTERN_EGRESS_ENGINE=livekit needs LECTERN_STORAGE_URL=s3://...: LiveKit's own egress writes to no folder of ours"
        )


def old_keys(settings: Settings) -> list[Secret]:
    """Keys that open and no longer seal, the newest first. Raises SettingsError."""
    given = [key.strip() for key in settings.old_encryption_keys.reveal().split(",") if key.strip()]
    if not all(ENCRYPTION_KEY.fullmatch(key) for key in given):
        raise SettingsError(
            "LECTERN_OLD_ENCRYPTION_KEYS must be keys of 64 hexadecimal digits with commas between"
        )
    return [Secret(key) for key in given]


def data_dir(settings: Settings) -> Path:
    return Path(settings.data_dir)


def offline_models(settings: Settings) -> list[str]:
    """What a recording may be heard again with; the first is the usual one."""
    return [name.strip() for name in settings.offline_models.split(",") if name.strip()]


def languages_of(settings: Settings) -> tuple[str, ...]:
    """Those into which transcripts are translated, each once."""
    given = (code.strip() for code in settings.translate_into.split(","))
    return tuple(dict.fromkeys(code for code in given if code))
