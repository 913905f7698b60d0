"""From what the user names to sources and sinks: files, folders, globs and pipes, each in its format."""

import glob
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa

from anonymize.codecs.streams.age import SUFFIX, sealed_suffix
from anonymize.codecs.streams.files import PathFile, StdinFile
from anonymize.codecs.streams.globs import matches
from anonymize.codecs.streams.remote import AnyPath, RemotePath, beneath, place, shown
from anonymize.codecs.tables.partitions import PartitionedSource, inner_source, partition_values
from anonymize.core.catalog import component, modules
from anonymize.core.errors import DataError, UsageError, Where, quoted
from anonymize.core.format import Format, Source
from anonymize.core.profile import OFF, Profile
from anonymize.core.protection import NO_KEYS, FindKeys, Unlock

COMPRESSED = (".gz", ".zst")


@dataclass(frozen=True)
class Piece:
    """One file of a dataset."""

    file: PathFile | StdinFile
    format: Format
    source: Source
    relative: Path
    """Where it stands under the folder that was named, or its bare name."""


@dataclass(frozen=True)
class Dataset:
    """Files that are read as one table, in order."""

    pieces: tuple[Piece, ...]
    schema: pa.Schema
    is_folder: bool = False

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(piece.source for piece in self.pieces)

    @property
    def format(self) -> Format:
        return self.pieces[0].format

    @property
    def paths(self) -> list[AnyPath]:
        return [piece.file.path for piece in self.pieces if piece.file.path is not None]

    @property
    def is_pipe(self) -> bool:
        return any(piece.file.path is None for piece in self.pieces)

    @property
    def open_schema(self) -> bool:
        return any(source.open_schema for source in self.sources)

    @property
    def present(self) -> dict[str, pa.DataType]:
        """All paths, objects and lists included, with their types."""
        paths: dict[str, pa.DataType] = {}
        for source in self.sources:
            paths |= source.containers
        return paths | {f.name: f.type for f in self.schema}

    def described(self) -> "Dataset":
        """The dataset with the schema that its sources have now."""
        return replace(self, schema=_common_schema(self.pieces))

    def changed(self) -> list[str]:
        """Files that changed since they were opened."""
        return [p.file.name for p in self.pieces if isinstance(p.file, PathFile) and p.file.changed()]


def open_dataset(
    names: Sequence[str],
    format_name: str | None = None,
    options: Mapping[str, Any] | None = None,
    tolerant: bool = False,
    profile: Profile = OFF,
    keys: FindKeys = NO_KEYS.keys,
) -> Dataset:
    """The named files, folders and globs (or `-`) as one dataset. `keys` open encrypted Parquet; the option
    `identity` names the file that opens what is sealed.

    Raises UsageError for names that make no sense together, DataError for files that cannot be read or whose
    columns differ.
    """
    found = [entry for name in names for entry in _find(name)]
    if len(found) > 1 and any(path is None for path, _ in found):
        raise UsageError("standard input is read alone", hint="name either `-` or files")
    described = dict(options or {})
    unlock = Unlock(keys, described.pop("identity", None))
    pieces = [_piece(path, root, format_name, described, tolerant, profile, unlock) for path, root in found]
    return Dataset(tuple(pieces), _common_schema(pieces), any(root is not None for _, root in found))


def _find(name: str) -> list[tuple[AnyPath | None, AnyPath | None]]:
    """(file, folder it was found in) for a name."""
    if name == "-":
        return [(None, None)]
    path = place(name)
    if isinstance(path, RemotePath):
        return _find_remote(path)
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.is_file() and _is_data(p.relative_to(path)))
        if not files:
            raise DataError("the folder holds no file of a known format", where=Where(name))
        return [(file, path) for file in files]
    if not path.exists() and glob.has_magic(name):
        matched = sorted(glob.glob(name, recursive=True))  # noqa: PTH207  (the name may be absolute)
        if not matched:
            raise DataError("the pattern matches no file", where=Where(name))
        return [entry for match in matched for entry in _find(match)]
    return [(path, None)]


def _find_remote(path: RemotePath) -> list[tuple[AnyPath | None, AnyPath | None]]:
    """The same for a URL. The web has no folders, and a `*` in it means itself."""
    if path.scheme != "https" and glob.has_magic(path.path):
        found: list[tuple[AnyPath | None, AnyPath | None]] = [(match, None) for match in path.matches()]
        problem = "the pattern matches no file"
    elif path.path.endswith("/") or (format_by_suffix(path.name) is None and path.is_dir()):
        folder = RemotePath(path.root, path.path.rstrip("/"))
        found = [(file, folder) for file in folder.files() if _is_data(file.relative_to(folder))]
        problem = "the folder holds no file of a known format"
    else:
        return [(path, None)]
    if not found:
        raise DataError(problem, where=Where(str(path)))
    return found


def check_apart(names: Sequence[str], target: AnyPath) -> None:
    """Refuse a target that the same names would find: the next run would take it for data."""
    for name in names:
        if name != "-" and _would_find(name, target):
            hint = "write beside the input folder, or to a folder in it whose name starts with _"
            message = f"the output would be read as input by the next run, as part of {quoted(shown(name))}"
            raise UsageError(message, hint=hint, where=Where(str(target)))


def _would_find(name: str, target: AnyPath) -> bool:
    """Whether a file would be found under a name if it were there."""
    given = place(name)
    if isinstance(target, RemotePath) or isinstance(given, RemotePath):
        return (
            isinstance(target, RemotePath) and isinstance(given, RemotePath) and _would_find_there(given, target)
        )
    at = [Path(os.path.abspath(target)), target.parent.resolve() / target.name]  # noqa: PTH100  (links are kept)
    if given.is_dir():
        folders = [given.absolute(), given.resolve()]
        return any(path.is_relative_to(f) and _is_data(path.relative_to(f)) for path in at for f in folders)
    if given.exists() or not glob.has_magic(name):
        return False
    fixed = next(i for i, part in enumerate(given.parts) if glob.has_magic(part))
    folder = Path(*given.parts[:fixed]).resolve()
    rest = [path.relative_to(folder).parts for path in at if path.is_relative_to(folder)]
    return any(_is_matched(given.parts[fixed:], parts) for parts in rest)


def _would_find_there(given: RemotePath, target: RemotePath) -> bool:
    """The same for URLs."""
    here, there = PurePosixPath(given.path), PurePosixPath(target.path)
    if given.root != target.root or given == target:
        return False
    if glob.has_magic(given.path):
        return matches(here.parts, there.parts)
    return there.is_relative_to(here) and _is_data(Path(there.relative_to(here)))


def _is_matched(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether a pattern finds a file, or a folder in which it stands."""
    found = next((i for i in range(1, len(parts) + 1) if matches(pattern, parts[:i])), None)
    return found is not None and (found == len(parts) or _is_data(Path(*parts[found:])))


def _is_data(relative: Path) -> bool:
    hidden = any(part.startswith((".", "_")) for part in relative.parts)
    return not hidden and format_by_suffix(relative.name) is not None


def _piece(
    path: AnyPath | None,
    root: AnyPath | None,
    format_name: str | None,
    options: Mapping[str, Any],
    tolerant: bool,
    profile: Profile,
    unlock: Unlock,
) -> Piece:
    file = StdinFile(profile=profile) if path is None else PathFile.at(path, profile)
    file.unlock = unlock
    format_ = make_format(file.name if path is None else path.name, format_name, options)
    source = format_.source(file, tolerant=tolerant)
    if root is not None and path is not None:
        values = partition_values(root, path)
        if values:
            source = PartitionedSource(source, values)
        return Piece(file, format_, source, beneath(root, path))
    return Piece(file, format_, source, Path(path.name if path is not None else "-"))


def make_format(file_name: str, format_name: str | None, options: Mapping[str, Any]) -> Format:
    """The format of a file: as said, or by its suffix. Options that do not belong to it are refused."""
    name = format_name or format_by_suffix(file_name)
    if name is None:
        hint = f"say which with --input-format or --output-format: {', '.join(modules('format'))}"
        raise UsageError(f"the format of {quoted(file_name)} is not known by its name", hint=hint)
    if name not in modules("format"):
        raise UsageError(
            f"there is no format {quoted(name)}", hint=f"the formats are {', '.join(modules('format'))}"
        )
    cls = component("format", name)
    given = {key: value for key, value in options.items() if value is not None}
    strange = [key for key in given if key not in cls.model_fields]
    if strange:
        flag = "--no-header" if strange[0] == "header" else "--" + strange[0].replace("_", "-")
        raise UsageError(f"{flag} does not apply to {name} files")
    if name == "csv" and "delimiter" not in given and ".tsv" in Path(file_name).suffixes:
        given["delimiter"] = "\t"
    return _validated(cls, given)


def _validated(cls: type[Any], given: Mapping[str, Any]) -> Format:
    from pydantic import ValidationError  # noqa: PLC0415

    try:
        made: Format = cls(**given)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        flag = "--" + str(first["loc"][0] if first["loc"] else "option").replace("_", "-")
        raise UsageError(f"{flag}: {first['msg'].removeprefix('Value error, ')}") from None
    return made


def format_by_suffix(file_name: str) -> str | None:
    """`csv` for `people.csv.gz.age`; None when the suffix says nothing."""
    suffixes = [s.lower() for s in Path(file_name).suffixes]
    if suffixes[-1:] == [SUFFIX]:
        suffixes.pop()
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    if not suffixes:
        return None
    bare = suffixes[-1].lstrip(".")
    if bare in modules("format"):
        return bare
    for name in modules("format"):
        cls = component("format", name)
        if issubclass(cls, Format) and suffixes[-1] in cls.suffixes:
            return name
    return None


def _common_schema(pieces: Sequence[Piece]) -> pa.Schema:
    """The columns of all files: they must agree, except where the schema is open."""
    first = pieces[0]
    if any(type(inner_source(piece.source)).open_schema for piece in pieces):  # settled or not
        fields = {f.name: f for piece in pieces for f in piece.source.schema}
        return pa.schema(list(fields.values()))
    for piece in pieces[1:]:
        if not piece.source.schema.equals(first.source.schema):
            raise DataError(
                f"its columns differ from those of {first.file.name}: {_difference(first, piece)}",
                hint="files that are read together need the same columns in the same order",
                where=Where(piece.file.name),
            )
    return first.source.schema


def _difference(first: Piece, other: Piece) -> str:
    expected, found = first.source.schema, other.source.schema
    missing = [n for n in expected.names if n not in found.names]
    extra = [n for n in found.names if n not in expected.names]
    retyped = [n for n in expected.names if n in found.names and expected.field(n).type != found.field(n).type]
    parts = [("lacks", missing), ("adds", extra), ("has other types for", retyped)]
    said = [f"{verb} {', '.join(map(quoted, names))}" for verb, names in parts if names]
    return "; ".join(said) or "another order"


@dataclass(frozen=True)
class Target:
    """Where one output file goes."""

    path: AnyPath | None
    format: Format
    sources: tuple[Source, ...]
    in_folder: bool = False
    """It stands in the output folder where its input stands in the input folder."""

    @property
    def compression(self) -> str:
        """The suffix that says how the file is compressed, if it does."""
        return sealed_suffix(self.path) if self.path is not None else ""


def make_targets(dataset: Dataset, to: str, format_name: str | None, is_sealed: bool = False) -> list[Target]:
    """One output file for the whole dataset, or one per input file when `to` is a folder.

    Raises UsageError where a name and what the file will be do not agree.
    """
    targets = _targets(dataset, to, format_name, is_sealed)
    for target in targets:
        where = Where(str(target.path)) if target.path is not None else None
        if is_sealed and not target.format.is_text:
            hint = "write CSV or JSONL" + (
                ", or encrypt it by `output:` in the rules" if _encrypts(target.format) else ""
            )
            raise UsageError(f"{target.format.name()} files are not sealed", hint=hint, where=where)
        if target.path is not None and is_sealed != (target.path.suffix.lower() == SUFFIX):
            message = "a sealed output is named so" if is_sealed else "for whom is the output sealed?"
            hint = f"let its name end in {SUFFIX}" if is_sealed else "say --seal-to RECIPIENT"
            raise UsageError(message, hint=hint, where=where)
    return targets


def _encrypts(format_: Format) -> bool:
    return type(format_).encrypted_sink is not Format.encrypted_sink


def _targets(dataset: Dataset, to: str, format_name: str | None, is_sealed: bool) -> list[Target]:
    if to == "-":
        name = format_name or dataset.format.name()
        return [Target(None, make_format("standard output", name, {}), dataset.sources)]
    path = place(to)
    if to.endswith("/") or path.is_dir() or (dataset.is_folder and not path.suffix):
        return [_beside(piece, path, format_name, is_sealed) for piece in dataset.pieces]
    return [Target(path, make_format(path.name, format_name, {}), dataset.sources)]


def _beside(piece: Piece, folder: AnyPath, format_name: str | None, is_sealed: bool) -> Target:
    relative = piece.relative.with_suffix("") if piece.relative.suffix.lower() == SUFFIX else piece.relative
    if format_name is not None and format_by_suffix(relative.name) != format_name:
        relative = relative.with_suffix(f".{format_name}")
    relative = relative.with_name(relative.name + SUFFIX) if is_sealed else relative
    return Target(folder / relative, make_format(relative.name, format_name, {}), (piece.source,), in_folder=True)
