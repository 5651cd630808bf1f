"""What this user keeps secret, and where: the secret behind pseudonyms and keyed digests (METHOD M27, M29)."""

import os
from pathlib import Path

from analysis.errors import BadParameter
from analysis.files import sha256_of

PSEUDONYMS = "pseudonyms.key"


def keys_folder() -> Path:
    """Where this user's keys are: TOLL_KEYS, else ~/.config/toll-report."""
    return Path(os.environ.get("TOLL_KEYS") or Path.home() / ".config" / "toll-report")


def pseudonym_secret() -> bytes:
    """The secret that pseudonyms are made with, made on first use."""
    file = keys_folder() / PSEUDONYMS
    if not file.is_file():
        keep(file, os.urandom(32))
    return file.read_bytes()


def secret_digest() -> str:
    """What tells one secret from another, and gives neither away; '' where none is kept yet."""
    file = keys_folder() / PSEUDONYMS
    return sha256_of(file) if file.is_file() else ""


def keep(file: Path, secret: bytes) -> None:
    """Write a secret that only this user can read, and never over another. Raises BadParameter where that fails."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(secret)
    except OSError as error:
        raise BadParameter(
            f"A key cannot be kept in {file.parent} ({error.strerror}). Name a folder you may write to in TOLL_KEYS."
        ) from None
