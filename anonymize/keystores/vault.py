"""Keys in HashiCorp Vault or OpenBao."""

import json
import os
from http.client import HTTPException, HTTPMessage, HTTPResponse
from ipaddress import ip_address
from typing import IO, Annotated, Any, Literal
from urllib.error import HTTPError
from urllib.parse import SplitResult, quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.errors import SecretError
from anonymize.core.keystore import KeyStore
from anonymize.kernels.crypto.secrets import LARGEST, named

SECONDS = 30


class Vault(KeyStore):
    """Take the key from the key-value engine (version 2) of Vault or OpenBao: `vault:MOUNT/PATH#FIELD`.

    The server is named by `VAULT_ADDR`, and `VAULT_TOKEN` opens it; `VAULT_NAMESPACE` is respected. Only https is
    spoken, except with this machine. Redirections are not followed: they would carry the token elsewhere.
    """

    use: Literal["vault"] = "vault"

    reference: Annotated[str, Field(pattern=r"^[^/#]+/[^#]+(#[^#]+)?$")]
    """Mount point and path of the secret, then `#` and its field; by default the field `key`."""

    def read(self) -> bytes | bytearray:
        path, _, field = self.reference.partition("#")
        mount, _, rest = path.partition("/")
        name = f"the vault's secret {named(path)}"
        address = f"{_address()}/v1/{quote(mount)}/data/{quote(rest)}"
        found = _fetch(Request(address, headers=_headers()), name)  # noqa: S310 - the scheme is checked
        value = found.get(field or "key")
        if not isinstance(value, str):
            raise SecretError(f"{name} has no field {named(field or 'key')}")
        return value.encode()


def _address() -> str:
    address = os.environ.get("VAULT_ADDR", "").rstrip("/")
    parts = _parts(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise SecretError("VAULT_ADDR is not set to the address of a vault", hint="as https://vault.example:8200")
    if parts.scheme == "http" and not _is_here(parts.hostname):
        raise SecretError("VAULT_ADDR says http, which anybody on the way can read", hint="use https")
    return address


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # brackets that are not closed, or hold no address
        return urlsplit("")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _headers() -> dict[str, str]:
    token = os.environ.get("VAULT_TOKEN", "").strip()
    if not token or not token.isprintable() or not token.isascii():
        raise SecretError("VAULT_TOKEN is not set to a token", hint="`vault login` gives one")
    namespace = os.environ.get("VAULT_NAMESPACE", "")
    return {"X-Vault-Token": token, "X-Vault-Request": "true"} | (
        {"X-Vault-Namespace": namespace} if namespace else {}
    )


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


REASONS = {
    400: "did not understand the question",
    403: "refuses the token: is it valid, and may it read this secret?",
    404: "has no such secret in a key-value engine of version 2",
    429: "is a standby, or is asked too often",
    503: "is sealed, or down for maintenance",
}


def _fetch(request: Request, name: str) -> dict[str, Any]:
    """The fields of the secret. No error shows the answer, the address or the token."""
    try:
        with build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
            return _fields(answer)
    except HTTPError as error:
        error.close()
        reason = REASONS.get(error.code, f"answers with status {error.code}")
    except (OSError, HTTPException):
        reason = "cannot be reached: look at VAULT_ADDR"
    except (ValueError, KeyError, TypeError, RecursionError):
        reason = "gives an answer that is no secret of a key-value engine of version 2"
    raise SecretError(f"{name} cannot be read: the vault {reason}") from None


def _fields(answer: HTTPResponse) -> dict[str, Any]:
    found = json.loads(answer.read(16 * LARGEST))["data"]["data"]
    if not isinstance(found, dict):
        raise TypeError
    return found


EXAMPLES: list[Example] = []
