"""Input streams say what is wrong, and never end early without saying so."""

import gzip
import io
import os
import threading

import pyarrow as pa
import pytest

from anonymize.codecs.streams import reading
from anonymize.codecs.streams.files import PathFile, StdinFile
from anonymize.codecs.streams.writing import compressed_output
from anonymize.core.errors import DataError, UsageError

DATA = b"".join(b"%d,Ren\xc3\xa9e,secret\n" % i for i in range(50_000))


def zstd(data):
    out = io.BytesIO()
    stream = compressed_output(out, ".zst")
    stream.write(data)
    stream.close()
    return out.getvalue()


PACK = {"plain": lambda data: data, "gzip": gzip.compress, "zstd": zstd}
SKIPPABLE = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello"


def written(folder, data, name="people.csv"):
    path = folder / name
    path.write_bytes(data)
    return PathFile(path)


def read_in_pieces(file):
    with file.open() as stream:
        while stream.read(1 << 16):
            pass


@pytest.mark.matrix("C18")
@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "csv.zst"])
@pytest.mark.parametrize("kind", PACK)
def test_the_codec_is_recognized_by_the_bytes_whatever_the_suffix(tmp_path, kind, suffix):
    """A misnamed file is read as what it is, as often as asked."""
    file = written(tmp_path, PACK[kind](DATA), f"people.{suffix}")
    assert file.head(10) == DATA[:10]
    for _ in range(2):
        with file.open() as stream:
            assert stream.read() == DATA


@pytest.mark.parametrize("kind", PACK)
def test_standard_input_is_read_once_and_head_loses_nothing(kind):
    """A look at the start takes nothing away; a second reading is refused."""
    file = StdinFile(io.BytesIO(PACK[kind](DATA)))
    assert (file.head(3), file.head(20), file.head(5)) == (DATA[:3], DATA[:20], DATA[:5])
    assert file.open().read() == DATA
    with pytest.raises(UsageError, match="standard input can be read once"):
        file.open()


def test_standard_input_through_a_slow_pipe():
    """Short reads are joined until there is enough."""
    readable, writable = os.pipe()

    def feed():
        with os.fdopen(writable, "wb", buffering=0) as pipe:
            for start in range(0, len(DATA), 777):
                pipe.write(DATA[start : start + 777])

    thread = threading.Thread(target=feed)
    thread.start()
    file = StdinFile(os.fdopen(readable, "rb", buffering=0))
    assert file.head(100) == DATA[:100]
    with file.open() as stream:
        assert stream.read() == DATA
    thread.join()


@pytest.mark.matrix("C18")
@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_all_members_are_read(tmp_path, kind):
    """Compressed files joined into one are read to the last."""
    pack = PACK[kind]
    packed = pack(DATA) + pack(b"") + pack(b"second") + (SKIPPABLE if kind == "zstd" else b"")
    assert written(tmp_path, packed).open().read() == DATA + b"second"


def test_a_zstd_file_may_start_with_a_skippable_frame(tmp_path):
    """The frame is no part of the data."""
    assert written(tmp_path, SKIPPABLE + zstd(DATA)).open().read() == DATA


@pytest.mark.matrix("C18")
@pytest.mark.parametrize("cut", [1, 8, 100, 1000])
@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_a_truncated_stream_is_an_error(tmp_path, kind, cut):
    """Wherever it was cut, also in a later member."""
    for packed in (PACK[kind](DATA), PACK[kind](b"first") + PACK[kind](DATA)):
        file = written(tmp_path, packed[:-cut])
        with pytest.raises(DataError, match=f"people.csv: truncated {kind} stream"):
            read_in_pieces(file)


@pytest.mark.parametrize("size", [0, 1, 3])
@pytest.mark.parametrize(("suffix", "kind"), [(".gz", "gzip"), (".zst", "zstd")])
def test_a_stream_cut_before_its_magic_is_an_error(tmp_path, suffix, kind, size):
    """Then the suffix tells what it should have been."""
    with pytest.raises(DataError, match=f"truncated {kind} stream"):
        written(tmp_path, PACK[kind](DATA)[:size], f"people.csv{suffix}").open().read()


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_garbage_after_the_stream_is_an_error(tmp_path, kind):
    """It is neither read nor dropped in silence, nor quoted."""
    with pytest.raises(DataError, match=f"corrupt {kind} stream") as caught:
        written(tmp_path, PACK[kind](DATA) + b"canary-value").open().read()
    assert "canary" not in str(caught.value)


def test_a_damaged_gzip_stream_is_an_error(tmp_path):
    """The checksum finds what decompression does not."""
    packed = bytearray(gzip.compress(os.urandom(10_000)))
    packed[5_000] ^= 1
    with pytest.raises(DataError, match="corrupt gzip stream"):
        written(tmp_path, bytes(packed)).open().read()


@pytest.mark.matrix("P5", "W13")
def test_a_bomb_is_stopped(tmp_path, monkeypatch):
    """A stream that expands without bounds is an error before it fills the memory."""
    monkeypatch.setattr(reading, "BOMB_FREE", 1 << 20)
    bomb = zstd(b"\0" * (300 << 20))
    assert len(bomb) < 100_000
    with pytest.raises(DataError, match="expands to more than 1,000 times"):
        read_in_pieces(written(tmp_path, bomb))


@pytest.mark.parametrize(
    ("start", "codec"),
    [(b"BZh91AY&SY", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"PK\x03\x04", "zip"), (b"\x04\x22\x4d\x18", "lz4")],
)
def test_other_compressions_are_refused_by_name(tmp_path, start, codec):
    """What cannot be unpacked is not taken for text."""
    with pytest.raises(DataError, match=f"is compressed with {codec}"):
        written(tmp_path, start + b"rest").open()


def test_text_that_resembles_a_magic_is_text(tmp_path):
    """The first letters alone decide nothing."""
    assert written(tmp_path, b"BZh,P,K\n").open().read() == b"BZh,P,K\n"


def test_what_cannot_be_opened_says_why(tmp_path):
    """Missing files, folders and pipes are told apart, each with a hint."""
    os.mkfifo(tmp_path / "pipe")
    cases = {"missing.csv": "no such file", ".": "is a directory", "pipe": "is not a regular file"}
    for name, message in cases.items():
        for attempt in (PathFile(tmp_path / name).open, PathFile(tmp_path / name).raw_open):
            with pytest.raises(DataError, match=message) as caught:
                attempt()
            assert caught.value.problems[0].hint
    with pytest.raises(DataError, match="cannot be read"):
        PathFile(tmp_path / ("n" * 5_000)).open()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path):
    """The error says that permission is what lacks."""
    file = written(tmp_path, DATA)
    file.path.chmod(0)
    with pytest.raises(DataError, match="permission denied"):
        file.open()


def test_control_characters_in_a_file_name_are_escaped(tmp_path):
    """A name cannot write to the terminal."""
    with pytest.raises(DataError) as caught:
        PathFile(tmp_path / "a\x1b[31m.csv").open()
    assert "\x1b" not in str(caught.value)
    assert "\\x1b[31m" in str(caught.value)


def test_a_change_of_the_input_is_seen(tmp_path):
    """A file that grew or went since it was opened is noticed."""
    file = written(tmp_path, DATA)
    assert not file.changed()
    file.open().close()
    assert not file.changed()
    with file.path.open("ab") as stream:
        stream.write(b"more")
    assert file.changed()
    again = written(tmp_path, DATA)
    again.open().close()
    again.path.unlink()
    assert again.changed()


def test_standard_input_refuses_random_access():
    """Formats that need their end first are told so."""
    with pytest.raises(DataError, match="standard input"):
        StdinFile(io.BytesIO(b"PAR1")).raw_open()


@pytest.mark.parametrize(("suffix", "kind"), [(".gz", "gzip"), (".ZST", "zstd"), ("", None), (".csv", None)])
def test_output_is_compressed_by_its_suffix_and_the_file_stays_open(tmp_path, suffix, kind):
    """Twice the same bytes, which read back; the file is closed by its owner."""
    made = []
    for _ in range(2):
        with (tmp_path / "out").open("wb") as file:
            stream = compressed_output(file, suffix)
            for start in range(0, len(DATA), 10_000):
                stream.write(pa.py_buffer(DATA[start : start + 10_000]))
            stream.close()
            stream.close()
            assert not file.closed
        made.append((tmp_path / "out").read_bytes())
    assert made[0] == made[1]
    assert reading.codec_of(made[0]) == kind
    assert PathFile(tmp_path / "out").open().read() == DATA


def test_an_error_of_the_output_file_is_not_hidden():
    """A full disk is reported with every codec and without."""

    class Full(io.RawIOBase):
        def writable(self):
            return True

        def write(self, data):
            raise OSError(28, "No space left on device")

    for suffix in (".gz", ".zst", ""):
        with pytest.raises(OSError, match="No space left"):  # noqa: PT012
            stream = compressed_output(Full(), suffix)
            stream.write(os.urandom(1 << 20))
            stream.close()
