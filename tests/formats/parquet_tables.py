"""A table of every type that Parquet can store, and files made of tables."""

import datetime
import io

import pyarrow as pa
import pyarrow.parquet as pq

from anonymize.codecs.streams.files import PathFile

ROWS = 2_000
SECRET = "canary-7f3a"


def cycle(values, kind):
    """The values over and over, in a column."""
    return pa.array([values[i % len(values)] for i in range(ROWS)], kind)


def stored(values, storage, extension):
    """The same, in a column of an extension type."""
    return pa.ExtensionArray.from_storage(extension, cycle(values, storage))


DAY = datetime.date(1, 1, 1)
TIME = datetime.datetime(9999, 12, 31, 23, 59, 59, 123456)
PERSON = pa.struct(
    [pa.field("name", pa.string(), nullable=False), pa.field("tags", pa.list_(pa.string())), ("age", pa.uint8())]
)
TYPES = {
    "int": cycle([1, None, -(2**63)], pa.int64()),
    "unsigned": cycle([2**64 - 1, None, 0], pa.uint64()),
    "small": cycle([-128, None, 127], pa.int8()),
    "half": cycle([1.5, None, float("inf")], pa.float16()),
    "double": cycle([0.1, None, -0.0, float("nan")], pa.float64()),
    "bool": cycle([True, None, False], pa.bool_()),
    "text": cycle(["", None, "Zoë", "北京"], pa.string()),
    "large": cycle(["", None, "Zoë"], pa.large_string()),
    "view": cycle(["", None, "longer than twelve bytes"], pa.string_view()),
    "bytes": cycle([b"", None, b"\xff\x00"], pa.binary()),
    "large_bytes": cycle([b"", None, b"\xff"], pa.large_binary()),
    "view_bytes": cycle([b"", None, b"\xff"], pa.binary_view()),
    "fixed": cycle([b"abc", None], pa.binary(3)),
    "decimal": cycle([None, 1], pa.int64()).cast(pa.decimal128(38, 10)),
    "decimal256": cycle([None, 1], pa.int64()).cast(pa.decimal256(60, 10)),
    "date": cycle([DAY, None], pa.date32()),
    "time": cycle([1, None], pa.time64("ns")),
    "time_ms": cycle([1, None], pa.time32("ms")),
    "stamp_ms": cycle([1, None], pa.timestamp("ms")),
    "stamp_us": cycle([TIME, None], pa.timestamp("us")),
    "stamp_ns": cycle([1, None, -1], pa.timestamp("ns")),
    "stamp_tz": cycle([1, None], pa.timestamp("ns", "Asia/Shanghai")),
    "duration": cycle([1, None], pa.duration("us")),
    "null": pa.nulls(ROWS),
    "category": pa.DictionaryArray.from_arrays(cycle([1, None, 0], pa.int8()), ["b", "a"]),
    "ordered": pa.DictionaryArray.from_arrays(cycle([1, None, 0], pa.int16()), ["hi", "lo"], ordered=True),
    "list": cycle([[1, None], None, []], pa.list_(pa.field("element", pa.int32(), metadata={"of": "list"}))),
    "item": cycle([[1, None], None, []], pa.list_(pa.int32())),
    "large_list": cycle([["x"], None], pa.large_list(pa.string())),
    "list_view": cycle([["x"], None], pa.list_view(pa.string())),
    "pair": cycle([[1, 2], None], pa.list_(pa.int64(), 2)),
    "map": cycle([[("k", 1)], None, []], pa.map_(pa.string(), pa.int64())),
    "struct": cycle([{"name": "n", "tags": ["t"], "age": 1}, None, {"name": ""}], PERSON),
    "uuid": stored([bytes(16), None], pa.binary(16), pa.uuid()),
    "json": stored(["{}", None], pa.string(), pa.json_()),
    "bool8": stored([1, None], pa.int8(), pa.bool8()),
}


def everything():
    """One column of each type, with metadata on each and on the whole."""
    fields = [
        pa.field(name, values.type, metadata={"note": name, "PARQUET:field_id": str(i + 1)})
        for i, (name, values) in enumerate(TYPES.items())
    ]
    fields.append(pa.field("required", pa.int64(), nullable=False))
    schema = pa.schema(fields, metadata={"title": "people", "pandas": "{}"})
    return pa.Table.from_arrays([*TYPES.values(), pa.array(range(ROWS))], schema=schema)


def saved(folder, table, name="in.parquet", **options):
    """The table as a Parquet file."""
    with (folder / name).open("wb") as file:
        pq.write_table(table, file, **options)
    return PathFile(folder / name)


def reread(data):
    """The written bytes, with the checksum of each page verified."""
    return pq.ParquetFile(io.BytesIO(data), page_checksum_verification=True)
