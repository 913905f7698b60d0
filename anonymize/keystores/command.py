"""Keys from commands."""

import shlex
import subprocess
from typing import Annotated, Literal

from pydantic import Field, field_validator

from anonymize.core.component import Example
from anonymize.core.errors import SecretError
from anonymize.core.keystore import KeyStore
from anonymize.kernels.crypto.secrets import LARGEST, named

SECONDS = 30


class Command(KeyStore):
    """Take the key from what a command prints: `command:vault kv get -field=key secret/anonymize`.

    The words are split as a shell would, but no shell runs: there are no variables, pipes or wildcards. The
    command reads nothing, has 30 seconds, and must end with success. Neither its output nor its errors are shown.
    """

    use: Literal["command"] = "command"

    reference: Annotated[str, Field(min_length=1)]
    """The command and its arguments. They appear in the list of processes, so they must not be secret."""

    @field_validator("reference")
    @classmethod
    def _names_a_program(cls, reference: str) -> str:
        try:
            words = shlex.split(reference)
        except ValueError:
            raise ValueError("the command has an open quote or ends in a backslash") from None
        if not words or not words[0] or "\0" in reference:
            raise ValueError("the command names no program")
        return reference

    def read(self) -> bytes | bytearray:
        words = shlex.split(self.reference)
        name = f"the key command {named(words[0])}"
        try:
            done = subprocess.run(
                words, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise SecretError(f"{name} took longer than {SECONDS} seconds") from None
        except (OSError, ValueError):
            raise SecretError(f"{name} cannot be run") from None
        if done.returncode:
            raise SecretError(f"{name} failed with exit code {done.returncode}", hint="run it by hand to see why")
        if not done.stdout.strip() or len(done.stdout) > LARGEST:
            raise SecretError(f"{name} did not print a key")
        return done.stdout


EXAMPLES: list[Example] = []
