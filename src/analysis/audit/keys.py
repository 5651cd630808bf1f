"""This user's pair of keys that signs bundles (Ed25519)."""

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from analysis.errors import BadParameter
from analysis.secrets import keep

PRIVATE, PUBLIC = "signing.key", "signing.pub"


def make_keys(folder: Path) -> Path:
    """Make a pair of keys in a folder and return the public one's file. Raises BadParameter where there is one."""
    if (folder / PRIVATE).exists():
        raise BadParameter(f"There is a signing key in {folder} already. Move it away first; it is never overwritten.")
    pair = Ed25519PrivateKey.generate()
    raw = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    keep(folder / PRIVATE, pair.private_bytes(*raw))
    (folder / PUBLIC).write_bytes(_pem(pair.public_key()))
    return folder / PUBLIC


def sign(message: bytes, key: Path) -> tuple[bytes, bytes]:
    """A signature and the public key (PEM) that it fits. Raises BadParameter for a file that is no key."""
    try:
        pair = serialization.load_pem_private_key(key.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        problem = f"{key} cannot be read as a signing key ({type(error).__name__}). `toll keygen` makes one."
        raise BadParameter(problem) from None
    if not isinstance(pair, Ed25519PrivateKey):
        raise BadParameter(f"{key} is not an Ed25519 key. `toll keygen` makes one.")
    return pair.sign(message), _pem(pair.public_key())


def fits(signature: bytes, message: bytes, public: bytes) -> bool:
    """Whether a signature was made over a message with the private half of a public key (PEM)."""
    key = _public(public)
    try:
        if key:
            key.verify(signature, message)
    except InvalidSignature:
        return False
    return key is not None


def fingerprint(public: bytes) -> str:
    """What people compare to know a key: the SHA-256 of its raw bytes, its first sixteen characters. '' for none."""
    key = _public(public)
    if key is None:
        return ""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def _public(pem: bytes) -> Ed25519PublicKey | None:
    """The public key in a PEM, None where there is none of this kind."""
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def _pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
