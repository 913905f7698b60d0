"""Output appears whole or not at all: written beside its target, synced, then renamed."""

import contextlib
import io
import os
import select
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from anonymize.codecs.streams.beside import is_held, lock, name_beside, strangers
from anonymize.codecs.streams.remote import AnyPath
from anonymize.core.errors import DataError, UsageError, Where, quoted
from anonymize.core.interrupts import too_late


class _Writer(io.RawIOBase):
    """Writes to a descriptor all that it is given, or raises a DataError that names the output.

    A system call may write less than it was given, on a disk that is nearly full above all. Libraries write once
    more when they are cleared away, and may keep a failure to themselves: what comes after a failure is ignored,
    and `check` tells of it.
    """

    def __init__(self, descriptor: int, path: Path | None) -> None:
        self._descriptor, self._path = descriptor, path
        self._failure: DataError | None = None
        self._is_given_up = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def write(self, data: Any) -> int:
        rest = memoryview(data)
        size = rest.nbytes
        if self._failure is not None or self._is_given_up:
            return size
        if self.closed:  # by now, the descriptor may be another file's
            raise ValueError("the output is closed")
        try:
            while rest.nbytes:
                rest = rest[self._write_some(rest) :]
        except BrokenPipeError:
            raise  # nobody reads standard output any more: no error of ours
        except OSError as error:
            self._failure = _unwritable(self._path, error)
            raise self._failure from None
        return size

    def _write_some(self, data: memoryview) -> int:
        try:
            return os.write(self._descriptor, data)
        except BlockingIOError:
            select.select([], [self._descriptor], [])
            return 0

    def check(self) -> None:
        """Raises the DataError of a write that failed, if any did."""
        if self._failure is not None:
            raise self._failure

    def close(self) -> None:
        if self.closed:
            return
        super().close()
        try:
            os.close(self._descriptor)
        except OSError as error:
            raise _unwritable(self._path, error) from None

    def give_up(self) -> None:
        """Close, and ignore all that is written from now on."""
        self._is_given_up = True
        with contextlib.suppress(DataError):
            self.close()


@dataclass
class Output:
    """One file to be. `path` None is standard output, which cannot be taken back."""

    path: Path | None
    private: bool = False
    """The file stays readable for its owner only."""
    overwrite: bool = True
    """A file of that name may be replaced."""
    temporary: Path | None = None
    """Where the file is until it is settled."""
    before: Path | None = None
    """Another name of the file that was there before, until this one is settled."""
    renaming: bool = False
    """The rename has begun, and may have been done."""
    replaces: bool = False
    """A file of that name was there before."""
    file: _Writer | None = field(default=None, repr=False)
    held: io.FileIO | None = field(default=None, repr=False)
    """Keeps the file locked after it is closed, until it is settled: nobody takes it for a leftover."""

    def open(self) -> IO[bytes]:
        """Start writing, under a temporary name that only the owner may read."""
        if self.path is None:
            self.file = _Writer(os.dup(sys.stdout.fileno()), None)
            return cast(IO[bytes], self.file)
        self.temporary = name_beside(self.path)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        try:
            with contextlib.suppress(FileNotFoundError):
                os.lstat(self.path)  # raises for names that are too long, before anything is read
            self.file = _Writer(os.open(self.temporary, flags, 0o600), self.path)
        except OSError as error:
            self.temporary = None
            raise _unwritable(self.path, error) from None
        is_there = lock(self.file.fileno()) and os.fstat(self.file.fileno()).st_nlink
        if not is_there:  # another run took it for a leftover before it was locked
            raise _busy(self.path)
        return cast(IO[bytes], self.file)

    def finish(self) -> None:
        """Make sure that every byte is on the disk."""
        if self.file is None:
            return
        self.file.check()
        try:
            if self.path is not None:
                os.fsync(self.file.fileno())
                self.held = io.FileIO(os.dup(self.file.fileno()), "wb")
        except OSError as error:
            raise _unwritable(self.path, error) from None
        self.file.close()

    def commit(self) -> None:
        """Give the file its name and the permissions that new files have here; `discard` can still undo it."""
        if self.path is None or self.temporary is None:
            return
        try:
            if not self.private:
                mode = stat.S_IMODE(self.path.stat().st_mode) if self.path.exists() else 0o666 & ~_umask()
                self.temporary.chmod(mode)
            self._set_aside()
            if self.replaces and self.before is None:
                too_late()
            self.renaming = True
            self.temporary.replace(self.path)
            _sync_folder(self.path.parent)
        except OSError as error:
            raise _unwritable(self.path, error) from None

    def settle(self) -> None:
        """Let what was there before go."""
        self.temporary = None
        self._forget()

    def discard(self) -> None:
        """Leave everything as it was before, unless the file is settled."""
        if self.file is not None:
            self.file.give_up()
        if self.temporary is not None and self.path is not None:
            with contextlib.suppress(OSError):
                self._take_back(self.path, self.temporary)
            self.temporary = None
        self._forget()

    def _take_back(self, path: Path, temporary: Path) -> None:
        if not self.renaming or temporary.exists():
            temporary.unlink(missing_ok=True)
        elif self.before is not None:
            self.before.replace(path)
        elif not self.replaces:  # else the old file is gone, and the new one is whole
            path.unlink()

    def _set_aside(self) -> None:
        """A second name for the file that is about to be replaced; some file systems have none to give."""
        if self.path is None or not self.path.exists():
            return
        self.before, self.replaces = name_beside(self.path), True
        try:
            os.link(self.path, self.before)
        except OSError:
            self.before = None

    def _forget(self) -> None:
        if self.before is not None:
            with contextlib.suppress(OSError):
                self.before.unlink()
        self.before = None
        if self.held is not None:
            self.held.close()


@contextlib.contextmanager
def writing(outputs: Sequence[Output]) -> Iterator[list[IO[bytes]]]:
    """Open all outputs; commit all of them at the end, or discard all when anything fails.

    What a killed run left of them is removed. Raises DataError when a run that is under way writes one of them.
    """
    try:
        files = [output.open() for output in outputs]
        _claim(outputs)
        yield files
        for output in outputs:
            output.finish()
        for output in outputs:
            output.commit()
        too_late()
        for output in outputs:
            output.settle()
    finally:
        for output in outputs:
            output.discard()


@contextlib.contextmanager
def created_folders(paths: Sequence[Path | None]) -> Iterator[None]:
    """Folders for files to be; those made here go again if they stay empty."""
    made: list[Path] = []
    for path in [path for path in paths if path is not None]:
        missing = [p for p in path.parents if not p.exists()]
        path.parent.mkdir(parents=True, exist_ok=True)
        made += missing
    try:
        yield
    finally:
        for folder in sorted(made, key=lambda p: -len(p.parts)):
            with contextlib.suppress(OSError):
                folder.rmdir()


def _claim(outputs: Sequence[Output]) -> None:
    """Make sure that nobody else writes these outputs: whoever comes later finds ours, and gives way."""
    paths = [output.path for output in outputs if output.path is not None]
    left = dict(strangers(paths, [output.temporary for output in outputs if output.temporary is not None]))
    for path, target in {**left, **{path: path for path in paths}}.items():
        if is_held(path):  # under its own name already, if the run is about to end
            raise _busy(target)
    for path in left:
        with contextlib.suppress(OSError):
            path.unlink()
    for output in outputs:
        if output.path is not None and not output.overwrite and output.path.exists():
            raise _exists(output.path)


def check_target(target: Path, inputs: Sequence[AnyPath], overwrite: bool) -> None:
    """Refuse, before anything is read, a target that cannot or must not be written.

    Raises UsageError for an existing target without `overwrite` and for input that equals output, DataError for
    a folder that does not exist or cannot be written.
    """
    where = Where(str(target))
    if "\0" in str(target):
        raise UsageError("the name of the output holds a NUL character", where=where)
    for path in (path for path in inputs if isinstance(path, Path)):  # a file here is none of those elsewhere
        if target.exists() and path.exists() and target.samefile(path):
            raise UsageError("the output is one of the inputs", hint="write to another file", where=where)
    if target.is_symlink():
        raise UsageError("the output is a symbolic link", hint="name the file it leads to", where=where)
    if target.is_dir():
        raise UsageError("the output is a folder", hint="name a file in it", where=where)
    if target.exists() and not overwrite:
        raise _exists(target)
    if target.exists() and not target.is_file():
        raise UsageError("the output is not a regular file", hint="use `-o -` and redirect", where=where)
    if not target.parent.is_dir():
        raise DataError(f"there is no folder {quoted(str(target.parent))}", hint="create it first", where=where)
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise DataError(f"the folder {quoted(str(target.parent))} cannot be written to", where=where)


def check_needed(target: Path, needed: Iterable[Path]) -> None:
    """Refuse a target that is a file which the run itself goes by: nobody could make a key again."""
    for path in needed:
        with contextlib.suppress(OSError, ValueError):
            if target.samefile(path):
                hint = "write to another file"
                raise UsageError("the output is the rule file or a key", hint=hint, where=Where(str(target)))


def _exists(path: Path) -> UsageError:
    return UsageError("the output exists", hint="say --overwrite to replace it", where=Where(str(path)))


def _busy(path: Path | None) -> DataError:
    hint = "wait until it has ended, or write to another file"
    return DataError("another run is writing this output", hint=hint, where=Where(str(path)))


def _unwritable(path: Path | None, error: OSError) -> DataError:
    free = ""
    if path is not None:
        with contextlib.suppress(OSError):
            status = os.statvfs(path.parent)
            free = f"; {status.f_bavail * status.f_frsize / 1e6:,.0f} MB are free there"
    name = str(path) if path is not None else "standard output"
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return DataError(f"cannot write the output: {reason}{free}", hint="nothing was kept", where=Where(name))


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
