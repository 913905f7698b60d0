"""Derives independent keys from a master key: HKDF with SHA-256 (RFC 5869)."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from anonymize.kernels.crypto.hidden import Secret

CONTEXT = b"anonymize/1"  # changes only if the derivation itself changes


def derive(master: bytes | bytearray, dataset: str, purpose: str, scope: str) -> Secret:
    """32 bytes for one data set, purpose and scope.

    Each label stands in the HKDF `info` behind its length in 8 bytes, so that no two triples share an info.
    """
    labels = [CONTEXT, dataset.encode(), purpose.encode(), scope.encode()]
    info = b"".join(len(label).to_bytes(8, "big") + label for label in labels)
    return Secret(HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master))
