"""Keys that AWS KMS decrypts."""

import re
from binascii import a2b_base64
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.errors import SecretError
from anonymize.core.keystore import KeyStore
from anonymize.kernels.crypto.secrets import LARGEST, SIZE, named

MOST = 6144  # bytes that KMS decrypts at once


class AwsKms(KeyStore):
    """Take the key from a ciphertext that AWS KMS decrypts: `aws-kms:FILE`, or `aws-kms:` and the ciphertext in
    base64.

    `aws kms generate-data-key-without-plaintext --key-id … --key-spec AES_256 --query CiphertextBlob` prints
    such a ciphertext. It is no secret: whoever may call `kms:Decrypt` with its key can open it, and nobody else.
    Credentials and region are taken from where the AWS tools take them. Needs the extra `anonymize[aws]`.
    """

    use: Literal["aws_kms"] = "aws_kms"

    reference: Annotated[str, Field(min_length=1)]
    """Path of a file with the ciphertext, as it is or in base64; or the ciphertext in base64 itself."""

    def files(self) -> tuple[Path, ...]:
        return (Path(self.reference).expanduser(),)

    def read(self) -> bytes | bytearray:
        blob = self._ciphertext()
        client, failures = _client()
        try:
            found: bytes = client.decrypt(CiphertextBlob=blob)["Plaintext"]
        except failures as error:
            raise SecretError(f"AWS KMS does not decrypt the key{_code(error)}", hint=_HINT) from None
        return found.hex().encode() if len(found) == SIZE else found

    def _ciphertext(self) -> bytes:
        try:
            with Path(self.reference).expanduser().open("rb") as file:
                blob = _decoded(file.read(LARGEST + 1))
        except (OSError, RuntimeError, ValueError):
            blob = _base64(self.reference.encode())
        if blob is None or not 0 < len(blob) <= MOST:
            raise SecretError(
                f"{named(self.reference)} is neither a file that can be read nor a ciphertext of KMS"
            )
        return blob


_HINT = "look at the credentials, the region, and who may use the key of KMS"
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]{64,}={0,2}\s*")


def _decoded(content: bytes) -> bytes | None:
    """A ciphertext as it is, from a file that may spell it in base64."""
    found = _base64(content)
    return content if found is None else found


def _base64(text: bytes) -> bytes | None:
    if not _BASE64.fullmatch(text):
        return None
    try:
        return a2b_base64(text)
    except ValueError:
        return None


def _client() -> tuple[Any, tuple[type[Exception], ...]]:
    """The client, and what it raises."""
    try:
        import boto3  # noqa: PLC0415 - an optional extra
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
    except ImportError:
        hint = "pip install anonymize[aws]"
        raise SecretError("keys of AWS KMS need the package boto3", hint=hint) from None
    try:
        return boto3.client("kms"), (BotoCoreError, ClientError)
    except BotoCoreError:
        raise SecretError("AWS KMS cannot be asked", hint=_HINT) from None


def _code(error: Exception) -> str:
    """What KMS calls the failure, such as ` (AccessDeniedException)`; its text may tell more than it should."""
    response = getattr(error, "response", {})
    code = response.get("Error", {}).get("Code", "") if isinstance(response, dict) else ""
    return f" ({code})" if re.fullmatch(r"[A-Za-z]{1,60}", str(code)) else ""


EXAMPLES: list[Example] = []
