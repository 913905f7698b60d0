"""`anonymize keys`: make keys and tell them apart, without ever showing one."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from anonymize.cli import options
from anonymize.cli.answer import PLAIN, Answer, Manner
from anonymize.cli.help import Command, Group
from anonymize.core.errors import DataError, UsageError, Where

app = typer.Typer(cls=Group, help="Make keys, and show the ids of keys.", rich_markup_mode=None)


def new(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file that does not exist yet; - for stdout.")],
    manner: Manner = PLAIN,
) -> Answer:
    """Make a new 256-bit key in a file that only its owner can read."""
    from anonymize.kernels.crypto.secrets import decode_key, fingerprint, new_key

    text = new_key()
    mark = fingerprint(decode_key(text.encode()))
    if file == "-":
        if manner.json:
            raise UsageError("--json never holds a key", hint="write it to a file, or leave --json out")
        return Answer("keys new", None, result=lambda: [text], notes=[f"the key has the id {mark}"])
    _write_private(Path(file), text)
    data = {"file": file, "id": mark}
    notes = [f"use it as `file:{file}` under `keys:`; keep a copy, nobody can make it again"]
    return Answer("keys new", data, result=lambda: [f"{mark}  {file}"], notes=notes)


def show(
    reference: Annotated[
        str | None, typer.Argument(metavar="REFERENCE", help="As env:NAME or file:PATH; or name rules with -r.")
    ] = None,
    rules: options.OptionalRules = None,
) -> Answer:
    """Show the ids of keys. Equal ids mean equal keys; an id tells nothing else."""
    if (reference is None) == (rules is None):
        raise UsageError("say which keys: a reference such as env:NAME, or -r RULES")
    marks = _marks(reference, rules)
    return Answer("keys show", {"keys": marks}, result=lambda: [_listing(marks)])


def _marks(reference: str | None, rules: str | None) -> dict[str, Any]:
    from pydantic_core import PydanticCustomError

    from anonymize.core.errors import SecretError
    from anonymize.keys import Keys
    from anonymize.loading import load_rules
    from anonymize.rules import key_store

    if rules is not None:
        keys = Keys.of(load_rules(rules).file)
    else:
        try:
            key_store(str(reference))
        except PydanticCustomError as error:
            raise SecretError(error.message()) from None
        keys = Keys({"key": str(reference)}, "default")
    keys.require(list(keys.references))
    marks = keys.fingerprints()
    return {name: {"id": marks[name], "reference": keys.references[name]} for name in marks}


def _listing(marks: dict[str, Any]) -> Any:
    from anonymize.cli.console import dim, table

    return table(["key", "id", "from"], [(name, m["id"], dim(m["reference"])) for name, m in marks.items()])


def _write_private(path: Path, text: str) -> None:
    """Create the file; never touch one that is there."""
    where = Where(str(path))
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except FileExistsError:
        raise UsageError(
            "the file exists; a key is never overwritten", hint="name a new file", where=where
        ) from None
    except OSError as error:
        raise DataError(f"cannot write the key: {error.strerror}", where=where) from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


_EXAMPLES = {
    "new": options.examples("keys new ~/keys/clinic.key", "keys new - | vault kv put secret/clinic key=-"),
    "show": options.examples("keys show env:ANONYMIZE_KEY", "keys show -r rules.yaml"),
}
app.command("new", cls=Command, epilog=_EXAMPLES["new"])(options.shared(new))
app.command("show", cls=Command, epilog=_EXAMPLES["show"])(options.shared(show))
