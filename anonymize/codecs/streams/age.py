"""Files that are encrypted as a whole, for recipients who each have a private key: the format age.

Specification: https://age-encryption.org/v1 (C2SP age.md).
"""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from anonymize.codecs.streams.remote import AnyPath
from anonymize.core.errors import SecretError, UsageError, Where
from anonymize.kernels.crypto.private_files import read_private
from anonymize.kernels.crypto.secrets import named

SUFFIX = ".age"
BLOCK = 1 << 16  # what a chunk of age holds, and a pipe
_RECIPIENT, _IDENTITY = "age1", "AGE-SECRET-KEY-"


def recipients_of(given: Sequence[str]) -> list[Any]:
    """The public keys that the user names, each itself or a file that lists some. Raises UsageError."""
    age = library() if given else None
    return [_recipient(age, text, where) for name in given for text, where in _listed(name)]


def identities_of(reference: str) -> list[Any]:
    """The private keys in a file that only its owner may read. Raises SecretError, quoting nothing."""
    age: Any = library()
    raw = read_private(reference)
    try:
        lines = [line.strip() for line in raw.decode("utf-8", "replace").splitlines()]
        found = [age.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except age.IdentityError:
        found = []
    finally:
        raw[:] = bytes(len(raw))
    if not found:
        hint = f"it holds lines {_IDENTITY}1…, as `age-keygen` writes them"
        raise SecretError(f"the file {named(reference)} holds no private key of age", hint=hint)
    return found


def sealed_suffix(path: AnyPath) -> str:
    """The suffix that says how what is sealed is compressed, or the file itself if it is not sealed."""
    return Path(path.stem).suffix if path.suffix.lower() == SUFFIX else path.suffix


def library() -> ModuleType:
    """The package that knows the format. Raises UsageError if it is not installed."""
    try:
        import pyrage  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise UsageError("sealed files need the package pyrage", hint="pip install 'anonymize[age]'") from None
    return cast(ModuleType, pyrage)


def _listed(given: str) -> list[tuple[str, Where]]:
    """The public keys in a file, or the one that stands for itself."""
    if given.startswith(_RECIPIENT):
        return [(given, Where("--seal-to"))]
    _refuse_private(given, Where("--seal-to"))
    try:
        lines = Path(given).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        hint = f"write a public key, {_RECIPIENT}…, or name a file that lists some"
        raise UsageError(f"there is no recipient {named(given)}", hint=hint, where=Where("--seal-to")) from None
    found = [(line.strip(), Where(given, number)) for number, line in enumerate(lines, 1)]
    found = [(text, where) for text, where in found if text and not text.startswith("#")]
    if not found:
        raise UsageError("the file lists no recipient", where=Where(given))
    return found


def _recipient(age: Any, text: str, where: Where) -> Any:
    _refuse_private(text, where)
    try:
        return age.x25519.Recipient.from_str(text)
    except age.RecipientError:
        hint = f"a public key of age is {_RECIPIENT} and 58 characters; `age-keygen` makes one"
        raise UsageError("is not a public key of age", hint=hint, where=where) from None


def _refuse_private(text: str, where: Where) -> None:
    if text.upper().startswith(_IDENTITY):
        hint = f"give the public key that belongs to it, {_RECIPIENT}…"
        raise UsageError("that is a private key", hint=hint, where=where)
