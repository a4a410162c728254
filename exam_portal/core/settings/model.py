# SPDX-License-Identifier: Apache-2.0
"""Every setting with its type and default; ``config/default.toml`` says the same with a comment each."""

import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "EXAM_PORTAL_"
DELIMITER = "__"
ADDRESS = re.compile(r"(sqlite|postgresql(\+psycopg)?)://")


class Section(BaseModel):
    """A group of settings: frozen, and closed against unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class Instance(Section):
    """Where this installation keeps its files, and where it finds its rule sets."""

    directory: Path = Path("instance")
    rulesets: Path = Path("config/rulesets")
    demonstration: bool = False
    connected: bool = True


class DatabaseSettings(Section):
    """Which database, and how long its writer may be held."""

    url: str = ""
    readers: int = Field(default=16, ge=1, le=256)
    pool: int = Field(default=16, ge=1, le=256)
    prepared_statements: bool = True
    marking_role: str = Field(default="exam_portal_marking", pattern=r"^[a-z_][a-z0-9_]{0,62}$")
    writer_budget_ms: int = Field(default=100, ge=1)
    long_writes: Literal["warn", "raise"] = "warn"


class Secrets(Section):
    """Where the keys of the installation lie; empty means inside the instance directory."""

    master_key_file: str = ""
    signing_key_file: str = ""
    key_directory: str = ""


class Server(Section):
    """How the portal listens, and how it is reached from outside."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    threads: int = Field(default=32, ge=1, le=512)
    workers: int = Field(default=1, ge=1, le=64)
    base_url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = Field(default=0, ge=0, le=4)
    tls_certificate: str = ""
    tls_key: str = ""


class Sessions(Section):
    """How long a person stays signed in."""

    idle_minutes: int = Field(default=30, ge=1)
    absolute_hours: int = Field(default=10, ge=1)


class Accounts(Section):
    """What signing in costs and tolerates."""

    password_min_length: int = Field(default=10, ge=8)
    concurrent_hashes: int = Field(default=2, ge=1)
    failures_before_delay: int = Field(default=5, ge=1)
    delay_minutes: int = Field(default=15, ge=1)
    confirmation_hours: int = Field(default=48, ge=1)
    reset_minutes: int = Field(default=15, ge=1)
    second_factor: Literal["optional", "required_for_staff"] = "optional"
    council_may_mark: bool = True


class Limits(Section):
    """How much one request, one file and one visitor may ask for."""

    request_bytes: int = Field(default=26_214_400, ge=65_536)
    upload_bytes: int = Field(default=20_000_000, ge=65_536)
    form_fields: int = Field(default=2_000, ge=100)
    requests_per_minute: int = Field(default=600, ge=1)
    sign_ins_per_minute: int = Field(default=20, ge=1)
    hall_requests_per_minute: int = Field(default=30_000, ge=1)
    storage: str = "memory://"


class Mail(Section):
    """How mail leaves: over SMTP, or into a directory that can be read."""

    transport: Literal["sink", "smtp"] = "sink"
    sink: str = ""
    sender: str = "exam-portal@localhost"
    host: str = "127.0.0.1"
    port: int = Field(default=25, ge=1, le=65535)
    security: Literal["none", "starttls", "tls"] = "none"
    username: str = ""
    password_file: str = ""
    timeout_seconds: int = Field(default=20, ge=1)


class Jobs(Section):
    """Who carries out what the outbox holds."""

    backend: Literal["memory", "redis"] = "memory"
    redis_url: str = ""
    workers: int = Field(default=2, ge=1, le=32)
    poll_seconds: float = Field(default=1.0, gt=0)
    max_attempts: int = Field(default=12, ge=1)


class StorageSettings(Section):
    """Where encrypted files lie, and how large one may be."""

    directory: str = ""
    max_bytes: int = Field(default=52_428_800, ge=65_536)


class Antivirus(Section):
    """Whether uploads are scanned; when on, a scanner that cannot answer refuses the upload."""

    mode: Literal["off", "clamd"] = "off"
    address: str = "/run/clamav/clamd.ctl"
    timeout_seconds: int = Field(default=30, ge=1)


class Pdf(Section):
    """The limits of the child that prints."""

    timeout_seconds: int = Field(default=60, ge=1)
    cpu_seconds: int = Field(default=120, ge=1)
    memory_megabytes: int = Field(default=1024, ge=256)
    documents_per_child: int = Field(default=200, ge=1)


class Scans(Section):
    """The limits of the child that reads scanned stacks of scripts."""

    pages: int = Field(default=200, ge=1, le=1_000)
    megapixels: int = Field(default=40, ge=4)
    timeout_seconds: int = Field(default=300, ge=10)
    memory_megabytes: int = Field(default=1024, ge=512)


class Sittings(Section):
    """The answer path: how often and how much one attempt may save."""

    saves_per_minute: int = Field(default=120, ge=1)
    save_events: int = Field(default=100, ge=1)
    save_bytes: int = Field(default=524_288, ge=4_096)
    save_bytes_per_minute: int = Field(default=1_048_576, ge=65_536)
    snapshot_every: int = Field(default=50, ge=1)
    heads_seconds: int = Field(default=60, ge=1)
    token_hours: int = Field(default=12, ge=1)
    silent_seconds: int = Field(default=90, ge=45)


class Audit(Section):
    """The name of the log, and how often its head is signed."""

    origin: str = "exam-portal.example"
    checkpoint_seconds: int = Field(default=60, ge=1)
    unsequenced_alarm_seconds: int = Field(default=5, ge=1)


class Rehearsal(Section):
    """Whether competitions of kind rehearsal may be created, and how much each may ask for."""

    enabled: bool = False
    requests_per_minute: int = Field(default=30_000, ge=1)


class Language(Section):
    """The first language of pages, and the time zone in which instants are shown."""

    default: Literal["vi", "en"] = "vi"
    timezone: str = "Asia/Ho_Chi_Minh"


class Log(Section):
    """What is logged and in which shape."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["json", "console"] = "json"


class Settings(BaseSettings):
    """All settings of one installation. Use ``load()``; construct directly only in tests."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=DELIMITER, extra="forbid", frozen=True, validate_default=True
    )

    instance: Instance = Instance()
    database: DatabaseSettings = DatabaseSettings()
    secrets: Secrets = Secrets()
    server: Server = Server()
    sessions: Sessions = Sessions()
    accounts: Accounts = Accounts()
    limits: Limits = Limits()
    mail: Mail = Mail()
    jobs: Jobs = Jobs()
    storage: StorageSettings = StorageSettings()
    antivirus: Antivirus = Antivirus()
    pdf: Pdf = Pdf()
    scans: Scans = Scans()
    sittings: Sittings = Sittings()
    audit: Audit = Audit()
    rehearsal: Rehearsal = Rehearsal()
    language: Language = Language()
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what the caller says and nothing else: files and environment are read by ``load`` alone."""
        return (init_settings,)

    @property
    def database_url(self) -> str:
        """The address of the database: the given one, or the SQLite file of the instance."""
        return self.database.url or f"sqlite:///{self.instance.directory / 'portal.sqlite3'}"

    @property
    def is_embedded(self) -> bool:
        """Whether one process does everything on SQLite."""
        return self.database_url.startswith("sqlite")

    def path(self, given: str, default: str) -> Path:
        """Return the configured path, or the named one inside the instance directory."""
        return Path(given) if given else self.instance.directory / default

    @model_validator(mode="after")
    def agree(self) -> "Settings":
        """Refuse combinations that would lose or endanger data."""
        if not ADDRESS.match(self.database_url):
            raise ValueError("database.url: write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME")
        if self.is_embedded and self.server.workers != 1:
            raise ValueError("server.workers: SQLite has exactly one writer process, so exactly one worker")
        if self.jobs.backend == "redis" and not self.jobs.redis_url:
            raise ValueError("jobs.redis_url: needed when jobs.backend is redis")
        if bool(self.server.tls_certificate) != bool(self.server.tls_key):
            raise ValueError("server.tls_certificate and server.tls_key belong together")
        if self.limits.upload_bytes > self.limits.request_bytes:
            raise ValueError("limits.upload_bytes: a request of limits.request_bytes cannot hold such a file")
        return self
