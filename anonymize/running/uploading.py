"""Output behind a URL: made here, where nobody else can read it, and sent when every gate has passed."""

import contextlib
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from anonymize.codecs.streams.remote import AnyPath, RemotePath
from anonymize.core.errors import DataError, UsageError, Where
from anonymize.running.output import Output, check_target

READ_ONLY = ("https",)


def output_at(place: AnyPath | None, overwrite: bool) -> Output:
    """The file to be at a path or behind a URL."""
    if isinstance(place, RemotePath):
        return Upload(Path(place.name), overwrite=overwrite, place=place)
    return Output(place, overwrite=overwrite)


def check_place(target: AnyPath, inputs: Sequence[AnyPath], overwrite: bool) -> None:
    """Refuse, before anything is read, a target that cannot or must not be written."""
    if not isinstance(target, RemotePath):
        check_target(target, inputs, overwrite)
        return
    where = Where(str(target))
    if target.scheme in READ_ONLY:
        hint = "write to a file, or to s3://, gs://, abfs:// or hf://"
        raise UsageError(f"{target.scheme}:// can only be read", hint=hint, where=where)
    if target in inputs:
        raise UsageError("the output is one of the inputs", hint="write to another file", where=where)
    if not overwrite and target.exists():
        raise UsageError("the output exists", hint="say --overwrite to replace it", where=where)


@dataclass
class Upload(Output):
    """One file to be behind a URL. Until it is settled it stands in a folder that only its owner may enter.

    Stores show a file when its last byte has arrived, and not before. A file that this one replaced cannot be
    brought back.
    """

    place: RemotePath = field(default_factory=lambda: RemotePath("", ""))
    sent: bool = False
    """The file stands behind its URL."""

    def open(self) -> IO[bytes]:
        self.path = self._folder() / self.place.name
        return super().open()

    def commit(self) -> None:
        super().commit()
        if self.path is None:
            return
        self.replaces = self.place.exists()
        if self.replaces and not self.overwrite:
            hint = "say --overwrite to replace it"
            raise UsageError("the output came into being meanwhile", hint=hint, where=Where(str(self.place)))
        self.sent = True  # or half of it: what was sent is taken back if anything fails
        self.place.put(self.path)

    def settle(self) -> None:
        super().settle()
        self.sent = False

    def discard(self) -> None:
        if self.sent and not self.replaces:
            with contextlib.suppress(DataError):
                self.place.remove()
        self.sent = False
        super().discard()
        if self.path is not None and self.path.is_absolute():
            shutil.rmtree(self.path.parent, ignore_errors=True)

    def _folder(self) -> Path:
        try:
            return Path(tempfile.mkdtemp(prefix="anonymize-"))
        except OSError:
            hint = "name a folder with room for the output: TMPDIR=FOLDER"
            raise DataError("there is no folder for temporary files", hint=hint) from None
