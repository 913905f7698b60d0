"""`anonymize keys`: make keys and tell them apart, without ever showing one."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from anonymize.cli import options
from anonymize.cli.answer import PLAIN, Answer, Manner
from anonymize.cli.help import Command, Group
from anonymize.core.errors import DataError, SecretError, UsageError, Where

if TYPE_CHECKING:
    from anonymize.kernels.crypto.generations import Generation
    from anonymize.kernels.crypto.hidden import Secret

app = typer.Typer(cls=Group, help="Make keys, renew them, and show their ids.", rich_markup_mode=None)

Passphrase: TypeAlias = Annotated[
    str | None,
    typer.Option("--passphrase", metavar="REFERENCE", help="Where the passphrase of the file is, as env:NAME."),
]


def new(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file that does not exist yet; - for stdout.")],
    passphrase: Passphrase = None,
    manner: Manner = PLAIN,
) -> Answer:
    """Make a new 256-bit key in a file that only its owner can read.

    With --passphrase, the key in the file is encrypted: scrypt makes a key of the passphrase, which wraps it.
    """
    from anonymize.kernels.crypto.generations import Generation
    from anonymize.kernels.crypto.secrets import decode_key, new_key

    text = new_key() + "\n"
    made = Generation(1, decode_key(text.encode()), _today())
    if passphrase is not None:
        text = _wrapped([made], passphrase)
    if file == "-":
        if manner.json:
            raise UsageError("--json never holds a key", hint="write it to a file, or leave --json out")
        return Answer("keys new", None, result=text.splitlines, notes=[f"the key has the id {made.id}"])
    _create_private(Path(file), text)
    reference = _reference(file, passphrase)
    notes = [f"use it as `{reference}` under `keys:`; keep a copy, nobody can make it again"]
    data = {"file": file, "id": made.id, "reference": reference}
    return Answer("keys new", data, result=lambda: [f"{made.id}  {file}"], notes=notes)


def rotate(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A key file.")], passphrase: Passphrase = None
) -> Answer:
    """Add a generation to a key file. New values are made with it, and the old ones stay readable.

    Pseudonyms of the new generation do not match those of the old ones.
    """
    from anonymize.kernels.crypto.generations import Generation, write_generations
    from anonymize.kernels.crypto.secrets import decode_key, new_key
    from anonymize.running.output import Output, writing

    path = Path(file).expanduser().resolve()
    old = _open(str(path), passphrase)
    made = Generation(old[0].number + 1, decode_key(new_key().encode()), _today())
    text = write_generations([made, *old]) if passphrase is None else _wrapped([made, *old], passphrase)
    with writing([Output(path, private=True)]) as (out,):
        out.write(text.encode())
    generations = [_described(generation) for generation in (made, *old)]
    data = {"file": file, "id": made.id, "generation": made.number, "generations": generations}
    notes = [
        f"generation {made.number} makes new values; what the older ones encrypted can still be restored",
        "pseudonyms made from now on do not match those made before: `anonymize rekey` moves what can be restored",
    ]
    return Answer(
        "keys rotate", data, result=lambda: [f"{made.id}  {file}  generation {made.number}"], notes=notes
    )


def show(
    reference: Annotated[
        str | None, typer.Argument(metavar="REFERENCE", help="As env:NAME or file:PATH; or name rules with -r.")
    ] = None,
    rules: options.OptionalRules = None,
    public_key: Annotated[
        bool, typer.Option("--public-key", help="Print the public key (PEM) that tells its signatures.")
    ] = False,
) -> Answer:
    """Show the ids of keys. Equal ids mean equal keys; an id tells nothing else."""
    if (reference is None) == (rules is None):
        raise UsageError("say which keys: a reference such as env:NAME, or -r RULES")
    if public_key:
        return _public(reference)
    marks = _marks(reference, rules)
    return Answer("keys show", {"keys": marks}, result=lambda: [_listing(marks)])


def _public(reference: str | None) -> Answer:
    """The public half of what a key signs with."""
    from anonymize.running.receipts import Signing

    if reference is None:
        raise UsageError("say whose public key: a reference such as file:PATH")
    public = Signing.of(reference).signer.public
    data = {"algorithm": "Ed25519", "id": public.id, "pem": public.pem}
    return Answer("keys show", data, result=public.pem.splitlines)


def _marks(reference: str | None, rules: str | None) -> dict[str, Any]:
    from anonymize.keys import Keys
    from anonymize.rulefile.loading import load_rules

    keys = Keys.of(load_rules(rules).file) if rules is not None else Keys({"key": str(reference)}, "default")
    with keys:
        keys.require(list(keys.references))
        return {
            name: {
                "id": keys.generations(name)[0].id,
                "reference": from_,
                "generations": [_described(generation) for generation in keys.generations(name)],
            }
            for name, from_ in keys.references.items()
        }


def _described(generation: "Generation") -> dict[str, Any]:
    return {"generation": generation.number, "id": generation.id, "made": generation.made}


def _listing(marks: dict[str, Any]) -> Any:
    from anonymize.cli.console import dim, table

    if all(len(mark["generations"]) == 1 for mark in marks.values()):
        return table(["key", "id", "from"], [(name, m["id"], dim(m["reference"])) for name, m in marks.items()])
    rows = [
        (
            name if place == 0 else "",
            str(g["generation"]),
            g["id"],
            g["made"],
            dim(m["reference"] if not place else ""),
        )
        for name, m in marks.items()
        for place, g in enumerate(m["generations"])
    ]
    return table(["key", "generation", "id", "made", "from"], rows)


def _open(path: str, passphrase: str | None) -> Sequence["Generation"]:
    """The generations in a key file, newest first."""
    from anonymize.kernels.crypto.generations import read_generations
    from anonymize.kernels.crypto.passphrase import is_wrapped, unwrap
    from anonymize.kernels.crypto.private_files import read_private

    text = read_private(path)
    if not is_wrapped(text):
        if passphrase is not None:
            raise UsageError("the key file is not wrapped with a passphrase", hint="leave --passphrase out")
        return read_generations(text)
    if passphrase is None:
        hint = "say where it is, as --passphrase env:NAME"
        raise SecretError("the key file is wrapped with a passphrase", hint=hint)
    return unwrap(text, _passphrase(passphrase))


def _wrapped(generations: Sequence["Generation"], passphrase: str) -> str:
    from anonymize.kernels.crypto.passphrase import wrap

    return wrap(generations, _passphrase(passphrase))


def _passphrase(reference: str) -> "Secret":
    from anonymize.core.keystore import read_key_text
    from anonymize.kernels.crypto.hidden import Secret

    return Secret(read_key_text(reference))


def _reference(file: str, passphrase: str | None) -> str:
    return f"file:{file}" if passphrase is None else f"passphrase:{passphrase},{file}"


def _today() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).date().isoformat()


def _create_private(path: Path, text: str) -> None:
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
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


_EXAMPLES = {
    "new": options.examples(
        "keys new ~/keys/clinic.key",
        "keys new clinic.key --passphrase env:CLINIC_PASSPHRASE",
        "keys new - | vault kv put secret/clinic key=-",
    ),
    "rotate": options.examples("keys rotate ~/keys/clinic.key"),
    "show": options.examples(
        "keys show env:ANONYMIZE_KEY", "keys show -r rules.yaml", "keys show file:receipt.key --public-key"
    ),
}
for _command in (new, rotate, show):
    app.command(_command.__name__, cls=Command, epilog=_EXAMPLES[_command.__name__])(options.shared(_command))
