"""Files in object stores and on the web, through fsspec. The network is asked for nothing unless a URL is named.

What a URL may hold besides the place (the query of a signed link, above all) is never shown.
"""

import contextlib
import io
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias, TypeVar, cast
from urllib.parse import urlsplit

from anonymize.core.errors import AnonymizeError, DataError, UsageError, Where

T = TypeVar("T")

SCHEMES = {
    "s3": "s3fs",
    "gs": "gcsfs",
    "abfs": "adlfs",
    "abfss": "adlfs",
    "az": "adlfs",
    "hf": "huggingface_hub",
    "https": "aiohttp",
}
"""What may be named, and the package that knows it."""

BLOCK = 8 << 20  # what a request fetches, and a reader that goes from start to end needs next
SMALL_BLOCK = 1 << 20  # for readers that jump, as those of Parquet do

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_VERSION = (
    "etag",
    "lastmodified",
    "last_modified",
    "mtime",
    "updated",
    "generation",
    "versionid",
    "blob_id",
    "oid",
)


def is_url(name: str) -> bool:
    """True for what has a scheme; `C://` and `s3:/` are file names."""
    return _URL.match(name) is not None


def place(name: str) -> "AnyPath":
    """What the user names: a path here, or a URL. Raises UsageError for a URL that cannot be used."""
    return RemotePath.of(name) if is_url(name) else Path(name)


def shown(name: str) -> str:
    """The name as it may be told: of a URL, without what may be secret in it."""
    return str(place(name)) if is_url(name) else name


@dataclass(frozen=True)
class RemotePath:
    """A file or folder behind a URL; of the methods of `pathlib.Path` those that make sense there."""

    root: str = field(repr=False)
    """The URL without the path, as `s3://bucket/`."""
    path: str
    query: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str) -> "RemotePath":
        scheme = url.partition("://")[0].lower()
        shown = Where(_shown(url))
        if scheme not in SCHEMES:
            known = ", ".join(f"{scheme}://" for scheme in SCHEMES if scheme not in ("abfss", "az"))
            hint = "use https://, which nobody can read on its way" if scheme == "http" else f"use {known}"
            raise UsageError("a URL of this kind cannot be used", hint=hint, where=shown)
        rest = url.partition("://")[2]
        host, _, path = rest.partition("/")
        if ":" in host.rpartition("@")[0]:
            hint = "give credentials as the environment or the settings of the cloud's own tools do"
            raise UsageError("the URL holds a password", hint=hint, where=shown)
        if not host:
            raise UsageError("the URL names no place", hint=f"as {scheme}://bucket/people.csv", where=shown)
        path, mark, query = path.partition("?") if scheme == "https" else (path, "", "")
        return cls(f"{scheme}://{host}/", path, mark + query)

    def __str__(self) -> str:
        return f"{self.root}{self.path}{'?…' if self.query else ''}"

    def __truediv__(self, other: "str | os.PathLike[str]") -> "RemotePath":
        return RemotePath(self.root, f"{self.path.rstrip('/')}/{PurePosixPath(other)}".lstrip("/"), self.query)

    @property
    def url(self) -> str:
        """All of it, for the library only."""
        return f"{self.root}{self.path}{self.query}"

    @property
    def scheme(self) -> str:
        return self.root.partition(":")[0]

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def stem(self) -> str:
        return PurePosixPath(self.path).stem

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path).suffix

    @property
    def suffixes(self) -> list[str]:
        return PurePosixPath(self.path).suffixes

    @property
    def parent(self) -> "RemotePath":
        return RemotePath(self.root, str(PurePosixPath(self.path).parent).removeprefix("."), self.query)

    def with_name(self, name: str) -> "RemotePath":
        """A neighbour."""
        return self.parent / name

    def relative_to(self, folder: "RemotePath") -> Path:
        """Where it stands under a folder."""
        return Path(self.path).relative_to(folder.path)

    def resolve(self) -> "RemotePath":
        """Itself: a URL is absolute."""
        return self

    def exists(self) -> bool:
        """Whether there is a file of this name."""
        with contextlib.suppress(_MissingError):
            return bool(self._info())
        return False

    is_file = exists

    def is_dir(self) -> bool:
        """Whether files stand under this name. The web has no folders."""
        if self.scheme == "https":
            return False
        fs, path = self._opened()
        return guarded(self, lambda: bool(fs.isdir(path)))

    def samefile(self, other: Any) -> bool:
        """Whether both are one URL."""
        return bool(self == other)

    def stat(self) -> os.stat_result:
        """The size; the rest is not known there."""
        return os.stat_result((stat.S_IFREG | 0o600, 0, 0, 1, 0, 0, int(self._info().get("size") or 0), 0, 0, 0))

    def version(self) -> tuple[object, ...]:
        """What differs if the file was replaced."""
        info = {str(key).lower(): str(value) for key, value in self._info().items()}
        return (info.get("size"), *(info.get(key) for key in _VERSION))

    def open(self, mode: str = "rb") -> "Fetched":
        """The bytes from the start."""
        if mode != "rb":
            raise ValueError("a remote file is written as a whole")
        return self.opened(BLOCK)

    def opened(self, block: int) -> "Fetched":
        """The bytes, which are fetched so many at once."""
        fs, path = self._opened()
        return Fetched(self, guarded(self, lambda: fs.open(path, "rb", block_size=block)))

    def files(self) -> "Iterator[RemotePath]":
        """The files under a folder, in order."""
        fs, path = self._opened()
        yield from self._siblings(guarded(self, lambda: sorted(fs.find(path))))

    def matches(self) -> "Iterator[RemotePath]":
        """What a pattern matches, in order."""
        fs, path = self._opened()
        yield from self._siblings(guarded(self, lambda: sorted(fs.glob(path))))

    def put(self, local: Path) -> None:
        """Let the bytes of a file here appear under this name: all at once, when the last one has arrived."""
        fs, path = self._opened()
        guarded(self, lambda: fs.put_file(str(local), path), "written")
        if self.stat().st_size != local.stat().st_size:
            raise DataError("not all of the output arrived", hint="run again", where=Where(str(self)))

    def remove(self) -> None:
        """Take the file away."""
        fs, path = self._opened()
        guarded(self, lambda: fs.rm_file(path), "removed")

    def _siblings(self, found: list[str]) -> "Iterator[RemotePath]":
        """What the library names without the scheme, and sometimes without the host."""
        fs, _ = self._opened()
        root = fs._strip_protocol(self.root)
        for path in found:
            yield RemotePath(self.root, path.removeprefix(root).lstrip("/"), self.query)

    def _info(self) -> dict[str, Any]:
        fs, path = self._opened()
        fs.invalidate_cache()
        return guarded(self, lambda: dict(fs.info(path)))

    def _opened(self) -> tuple[Any, str]:
        return guarded(self, lambda: _file_system(self.url))


AnyPath: TypeAlias = Path | RemotePath


def beneath(folder: AnyPath, path: AnyPath) -> Path:
    """Where a file stands under a folder; both are here, or both there."""
    if isinstance(path, RemotePath) and isinstance(folder, RemotePath):
        return path.relative_to(folder)
    return cast(Path, path).relative_to(cast(Path, folder))


class _MissingError(DataError):
    """There is no such file."""


@cache
def _file_system(url: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs  # noqa: PLC0415 - an optional extra

    fs, path = url_to_fs(url, use_listings_cache=False)
    return fs, path


def _shown(url: str) -> str:
    """The URL without what may be secret in it."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2] if ":" in parts.netloc.rpartition("@")[0] else parts.netloc
    return f"{parts.scheme}://{host}{parts.path}{'?…' if parts.query else ''}"


def guarded(path: RemotePath, action: Callable[[], T], verb: str = "read") -> T:
    """What the library answers. Its errors quote requests, and at times keys: ours name the place and the kind."""
    try:
        return action()
    except AnonymizeError:
        raise
    except Exception as error:
        shown = _translated(path, error, verb)
    raise shown from None


def _translated(path: RemotePath, error: Exception, verb: str) -> AnonymizeError:
    where = Where(str(path))
    if isinstance(error, ImportError):
        hint = f"pip install 'anonymize[remote]', which brings {SCHEMES[path.scheme]}"
        return UsageError(f"{path.scheme}:// needs a package that is not installed", hint=hint, where=where)
    if isinstance(error, FileNotFoundError):
        return _MissingError("no such file", hint="check the URL", where=where)
    if isinstance(error, PermissionError) or "Credential" in type(error).__name__:
        hint = "give credentials as the cloud's own tools take them: environment, profile or role"
        return DataError(f"access is refused, and nothing was {verb}", hint=hint, where=where)
    reason = (
        os.strerror(error.errno).lower() if isinstance(error, OSError) and error.errno else type(error).__name__
    )
    return DataError(f"cannot be {verb}: {reason}", hint="is the address right, and reachable?", where=where)


class Fetched(io.RawIOBase):
    """A remote file. Its failures are DataErrors, and stay."""

    def __init__(self, path: RemotePath, file: Any) -> None:
        self._path, self._file = path, file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(guarded(self._path, lambda: self._file.seek(offset, whence)))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, target: Any) -> int:
        data = guarded(self._path, lambda: self._file.read(len(target)))
        target[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            with contextlib.suppress(Exception):
                self._file.close()
