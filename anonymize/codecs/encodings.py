"""Text encodings: what is certain, what can only be suggested, and lossless conversion of blocks."""

import codecs
from dataclasses import dataclass

import pyarrow as pa

from anonymize.core.errors import DataError, Where

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
_STATEFUL = {
    "utf-7",
    "hz",
    "iso2022_jp",
    "iso2022_jp_1",
    "iso2022_jp_2",
    "iso2022_jp_2004",
    "iso2022_jp_3",
    "iso2022_jp_ext",
    "iso2022_kr",
}
_ASCII = bytes(range(9, 14)) + bytes(range(32, 127))
_EAST_ASIAN = {"cp949", "euc_kr", "johab", "big5", "big5hkscs", "gb18030"}
SAMPLE = 1 << 18


@dataclass(frozen=True)
class Encoding:
    """How a file's text is encoded. The mark (BOM) stands before the text."""

    name: str = "utf-8"
    mark: bytes = b""

    @property
    def is_utf8(self) -> bool:
        return self.name == "utf-8"

    @property
    def width(self) -> int:
        """Bytes of a line end: over 1 for encodings in which ASCII bytes do not stand for themselves."""
        return _WIDE.get(self.name, 1)

    def decode(self, raw: bytes) -> bytes:
        """A whole number of characters as UTF-8. Raises ValueError if it is not this encoding, or if
        the bytes could not be written again exactly as they are."""
        if self.is_utf8:
            if not is_utf8(raw):
                raise ValueError("it is not UTF-8")
            return raw
        text = raw.decode(self.name)
        if text.encode(self.name) != raw:
            raise ValueError("it has bytes that this encoding writes in another way")
        return text.encode()

    def encode(self, text: bytes) -> bytes:
        """UTF-8 text in this encoding. Raises ValueError for characters that it lacks."""
        return text if self.is_utf8 else text.decode().encode(self.name)


def is_utf8(raw: bytes) -> bool:
    """Whether the bytes are valid UTF-8; some GB/s."""
    whole = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), 1, [None, pa.py_buffer(b"\0" * 8 + len(raw).to_bytes(8, "little")), pa.py_buffer(raw)]
    ).view(pa.large_string())
    try:
        whole.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def find_encoding(head: bytes, said: str | None, name: str) -> Encoding:
    """The encoding of a file that starts with these bytes.

    Only a mark, valid UTF-8 or what the user said is certain; else DataError with a suggestion. `auto` takes the
    suggestion.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark) and (said in (None, "auto") or _canonical(str(said)).startswith(encoding[:5])):
            return Encoding(encoding, mark)
    if said not in (None, "auto"):
        return Encoding(_canonical(str(said)))
    if b"\0" not in head and _starts_as_utf8(head):
        return Encoding()
    guesses = _suggest(head)
    if said == "auto" and guesses:
        return Encoding(guesses[0])
    what = "it holds NUL bytes" if b"\0" in head else "it is not UTF-8"
    hint = f"it looks like {' or '.join(guesses)}: say --encoding {guesses[0]}" if guesses else "say --encoding"
    raise DataError(f"the encoding is not certain: {what}", hint=hint, where=Where(name))


def _canonical(name: str) -> str:
    """Python's name of an encoding; widths without a byte order are little-endian, the superset of GB2312 and
    GBK is GB18030."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        raise DataError(f"there is no encoding {name!r}", hint="try utf-8, gb18030, big5, cp1252 …") from None
    if found not in {*_WIDE, "utf-16", "utf-32", "utf-8-sig"} and (
        found in _STATEFUL or _ASCII.decode(found, "replace") != _ASCII.decode()
    ):
        raise DataError(f"text in {found} cannot be read here", hint="convert it to UTF-8 first")
    return {
        "utf-16": "utf-16-le",
        "utf-32": "utf-32-le",
        "gbk": "gb18030",
        "gb2312": "gb18030",
        "utf-8-sig": "utf-8",
        "ascii": "utf-8",
    }.get(found, found)


def _starts_as_utf8(head: bytes) -> bool:
    """Valid UTF-8, except that the last character may be cut."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and error.reason == "unexpected end of data"
    return True


def _suggest(head: bytes) -> list[str]:
    """Likely encodings, the likeliest first."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even + odd > len(head) // 8:
        return ["utf-16-le" if odd > even else "utf-16-be"]
    from charset_normalizer import from_bytes  # noqa: PLC0415  (only for a suggestion)

    best = from_bytes(head[:SAMPLE]).best()
    guess = _canonical(best.encoding) if best is not None else None
    # A short Chinese text is also valid Korean or Big5, and is often taken for it.
    if guess in _EAST_ASIAN and _decodes(head, "gb18030"):
        return list(dict.fromkeys(["gb18030", guess]))
    return [guess] if guess else []


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True
