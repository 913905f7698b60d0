"""Ed25519 signatures (RFC 8032), and public keys as PEM (RFC 7468, RFC 8410)."""

from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from anonymize.core.errors import SecretError
from anonymize.kernels.crypto.hidden import Secret

HINT = "`anonymize keys show REFERENCE --public-key` prints the one of a signing key"


@dataclass(frozen=True)
class PublicKey:
    """Tells whether a signature is its owner's. It may be given to anybody."""

    key: Ed25519PublicKey

    @property
    def id(self) -> str:
        """SHA-256 of the key's SubjectPublicKeyInfo, as others name it too."""
        return sha256(self.key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()

    @property
    def pem(self) -> str:
        return self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def accepts(self, signature: bytes, message: bytes) -> bool:
        """Whether the signature was made over this message with the private key."""
        try:
            self.key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, repr=False)
class Signer:
    """Signs. The private key is made of 32 secret bytes, and shown nowhere."""

    seed: Secret

    @property
    def public(self) -> PublicKey:
        return PublicKey(self._private.public_key())

    def sign(self, message: bytes) -> bytes:
        """The signature over a message: the same one every time."""
        return self._private.sign(message)

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def read_public_key(pem: bytes) -> PublicKey:
    """The public key in a PEM text. Raises SecretError, quoting nothing."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SecretError("this is no public key in PEM", hint=HINT) from None
    if not isinstance(key, Ed25519PublicKey):
        raise SecretError("the public key is not one of Ed25519", hint=HINT)
    return PublicKey(key)
