"""Signed envelopes: the published examples, and keys that are refused."""

import pytest

from anonymize.core.errors import DataError, SecretError
from anonymize.kernels.crypto.envelope import authenticated, disclose, enclose, unverified
from anonymize.kernels.crypto.hidden import Secret
from anonymize.kernels.crypto.signing import Signer, read_public_key


def test_dsse_encoding():
    """The example of the DSSE protocol."""
    expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert expected == authenticated("http://example.com/HelloWorld", b"hello world")


def test_ed25519_vector():
    """RFC 8032, section 7.1, test 2."""
    seed = Secret.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    signature = (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert signature == Signer(seed).sign(b"\x72").hex()


def test_a_signature_without_key_id_counts():
    """The id of a key is a hint that may be absent."""
    signer = Signer(Secret(bytes(range(32))))
    envelope = enclose("x", b"payload", signer)
    del envelope["signatures"][0]["keyid"]
    assert disclose(envelope, "x", signer.public) == b"payload"


def test_other_public_keys_are_refused():
    """What is no public key of Ed25519 is an error of keys."""
    for text in (b"", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"):
        with pytest.raises(SecretError):
            read_public_key(text)


@pytest.mark.parametrize("strange", [[], "x", None, {}, {"payloadType": "y", "payload": "eA=="}])
def test_other_envelopes_are_refused(strange: object):
    """Whatever else the JSON is, and a statement of another kind, signed or not."""
    signer = Signer(Secret(bytes(range(32))))
    with pytest.raises(DataError):
        unverified(strange, "x")
    with pytest.raises(DataError):
        disclose(enclose("y", b"payload", signer), "x", signer.public)
