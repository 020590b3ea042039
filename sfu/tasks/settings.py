"""Other services that the host's owner lets it use: a language model, and a mail server.

`services.json` in the host's folder, readable by its owner alone because of the passwords in it.  It is read when it
is needed, so what is changed holds from the next piece of work on.

    {"minutes": {"url": "http://127.0.0.1:11434/v1", "model": "llama3.2"},
     "mail": {"host": "mail.example.org", "user": "me", "password": "…", "sender": "Parley <me@example.org>"}}
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire.http import Email

FILE = "services.json"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LanguageModel(_Part):
    """An OpenAI-compatible server, such as Ollama's.

    `anywhere`: it may be outside this network, and then what was said leaves it.
    """

    url: Annotated[str, Field(max_length=500, pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$")]
    model: Annotated[str, Field(min_length=1, max_length=200)]
    key: Annotated[str, Field(max_length=500, repr=False)] = ""
    anywhere: bool = False


class Mail(_Part):
    """`security`: TLS by STARTTLS (port 587), from the first byte (465), or none: within this network only."""

    host: Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:-]+$")]
    port: Annotated[int, Field(ge=0, le=65_535)] = 0
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: Annotated[str, Field(max_length=320)] = ""
    password: Annotated[str, Field(max_length=500, repr=False)] = ""
    sender: Email
    ca: Annotated[str, Field(max_length=4_096)] = ""
    """A file with the authority of a server that no public one has certified."""


class Settings(_Part):
    minutes: LanguageModel | None = None
    mail: Mail | None = None


def settings(folder: Path) -> Settings:
    """Raises UserError for a file that cannot be read so."""
    path = folder / FILE
    try:
        return Settings.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Settings()
    except (OSError, ValidationError) as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) if isinstance(error, ValidationError) else error.strerror
        sentence = f"{path} cannot be used ({where}). Mend it, or set it up again in the settings."
        raise UserError(ErrorCode.UNSUPPORTED, sentence) from error


def save(folder: Path, wanted: Settings) -> None:
    """Whole or not at all.  Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / f".{FILE}"
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        json.dump(wanted.model_dump(exclude_none=True), out, ensure_ascii=False, indent=1)
    fresh.replace(folder / FILE)
