"""Signed envelopes: DSSE, the Dead Simple Signing Envelope (protocol and JSON form, version 1.0).

What is signed is not the payload alone but its type with it, each behind its length, so that no payload can be
taken for one of another type.
"""

from base64 import b64decode, b64encode
from typing import Any

from anonymize.core.errors import CheckError, DataError, SecretError
from anonymize.kernels.crypto.signing import PublicKey, Signer

UNREADABLE = "this is no signed envelope (DSSE)"


def authenticated(payload_type: str, payload: bytes) -> bytes:
    """The bytes that a signature is about (PAE, the pre-authentication encoding)."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def enclose(payload_type: str, payload: bytes, signer: Signer) -> dict[str, Any]:
    """The payload in an envelope with one signature."""
    signature = signer.sign(authenticated(payload_type, payload))
    return {
        "payloadType": payload_type,
        "payload": b64encode(payload).decode(),
        "signatures": [{"keyid": signer.public.id, "sig": b64encode(signature).decode()}],
    }


def unverified(envelope: Any, payload_type: str) -> bytes:
    """The payload, whoever may have signed it. Raises DataError."""
    if not isinstance(envelope, dict) or envelope.get("payloadType") != payload_type:
        raise DataError(UNREADABLE)
    return _decoded(envelope.get("payload"))


def disclose(envelope: Any, payload_type: str, key: PublicKey) -> bytes:
    """The payload, if the owner of the key has signed it.

    Raises DataError for what is no envelope, SecretError if others have signed it, CheckError if it was changed.
    """
    payload = unverified(envelope, payload_type)
    signatures = envelope.get("signatures")
    if not isinstance(signatures, list) or not all(isinstance(one, dict) for one in signatures):
        raise DataError(UNREADABLE)
    own = [one for one in signatures if one.get("keyid") in (None, "", key.id)]
    if not own:
        hint = "name the public key of the one who wrote it"
        raise SecretError("no signature is by the owner of this public key", hint=hint)
    message = authenticated(payload_type, payload)
    if not any(key.accepts(_decoded(one.get("sig")), message) for one in own):
        raise CheckError("the signature does not hold: what was signed has been changed, or the signature has")
    return payload


def _decoded(text: Any) -> bytes:
    """The bytes behind base64 in either alphabet."""
    if not isinstance(text, str):
        raise DataError(UNREADABLE)
    try:
        return b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except ValueError:
        raise DataError(UNREADABLE) from None
