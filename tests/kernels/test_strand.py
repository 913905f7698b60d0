"""Streams are decompressed and compressed beside the caller: in order, bounded, and nothing is left behind."""

import gzip
import io
import os
import threading

import numpy as np
import pytest

from anonymize.codecs.streams import reading, strand, writing
from anonymize.codecs.streams.files import PathFile, StdinFile
from anonymize.codecs.streams.strand import Strand
from anonymize.codecs.streams.writing import compressed_output
from anonymize.core.errors import DataError

BLOCKS = 8
DATA = np.random.default_rng(7).bytes(BLOCKS * reading.BUFFER // 2).hex().encode()


def packed(suffix, data=DATA, step=None):
    """The data, written in pieces of so many bytes."""
    out = io.BytesIO()
    with compressed_output(out, suffix) as stream:
        for start in range(0, len(data), step or len(data)):
            stream.write(data[start : start + (step or len(data))])
    return out.getvalue()


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "anonymize-stream"]


def drain(stream, read):
    while piece := stream.read(1 << 16):
        read += piece


@pytest.fixture(autouse=True)
def nothing_is_left():
    """No test leaves a thread behind."""
    yield
    assert [] == threads()


def test_calls_run_one_after_another():
    """Results come in the order in which they were asked for."""
    done = []
    calls = Strand()
    for number in range(20):
        calls.submit(lambda number=number: done.append(number) or number)
    assert 20 == len(calls)
    assert list(range(20)) == [calls.result() for _ in range(20)]
    assert list(range(20)) == done


def test_after_an_error_nothing_runs():
    """The calls behind it raise it too."""
    gate, done = threading.Event(), []

    def fail():
        gate.wait()
        raise DataError("no")

    calls = Strand()
    for work in (fail, lambda: done.append(1), lambda: done.append(2)):
        calls.submit(work)
    gate.set()
    for _ in range(3):
        with pytest.raises(DataError, match="no"):
            calls.result()
    assert [] == done


@pytest.fixture
def held(monkeypatch):
    """Work that ends when the caller begins to wait for it."""
    begun, gate = threading.Event(), threading.Event()
    join = threading.Thread.join

    def open_gate(self, timeout=None):
        if threading.current_thread() is threading.main_thread():
            gate.set()
        join(self, timeout)

    def work(*_):
        begun.set()
        gate.wait()

    monkeypatch.setattr(threading.Thread, "join", open_gate)
    work.begun = begun
    return work


def test_giving_up_waits_for_the_call_that_runs(held):
    """Those behind it never begin."""
    done = []
    calls = Strand()
    for work in (lambda: held() or done.append(1), lambda: done.append(2)):
        calls.submit(work)
    held.begun.wait()
    assert calls.give_up()
    assert [1] == done
    assert 0 == len(calls)


def test_a_system_without_room_for_threads(tmp_path, monkeypatch):
    """Everything is done by the caller then."""

    def refuse(_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    for suffix in (".gz", ".zst"):
        (tmp_path / "in").write_bytes(packed(suffix))
        assert DATA == PathFile(tmp_path / "in").open().read()


def test_a_small_file_starts_no_thread(tmp_path, monkeypatch):
    """Thousands of small files are read without thousands of threads."""
    (tmp_path / "in").write_bytes(gzip.compress(DATA[:1000]))
    monkeypatch.setattr(threading.Thread, "start", pytest.fail)
    assert DATA[:1000] == PathFile(tmp_path / "in").open().read()


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_few_blocks_are_read_ahead(tmp_path, monkeypatch, suffix):
    """Memory is bounded whatever the file expands to. Who leaves early leaves neither thread nor open file."""
    taken = []
    read = reading._Checked.read
    monkeypatch.setattr(reading._Checked, "read", lambda self, size: taken.append(size) or read(self, size))
    (tmp_path / "in").write_bytes(packed(suffix))
    before = os.listdir("/dev/fd")
    with PathFile(tmp_path / "in").open() as stream:
        assert DATA[:5] == stream.read(5)
    assert [] == threads()
    assert len(taken) <= 1 + reading.AHEAD
    assert set(taken) == {reading.BUFFER}
    assert before == os.listdir("/dev/fd")


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_an_error_beside_the_reader_reaches_it(tmp_path, suffix):
    """At its place in the stream, after all that is whole; and again whenever more is asked for."""
    (tmp_path / "in").write_bytes(packed(suffix)[:-5])
    read = bytearray()
    with PathFile(tmp_path / "in").open() as stream:
        for _ in range(3):
            with pytest.raises(DataError, match="truncated"):
                drain(stream, read)
    assert DATA.startswith(read)
    assert len(read) > len(DATA) // 2


def test_a_pipe_that_says_nothing_holds_nobody_up(monkeypatch):
    """An interrupt while the thread waits for the other end: the thread is left alone, and ends with the pipe."""
    monkeypatch.setattr(strand, "PATIENCE", 0.01)
    readable, writable = os.pipe()
    start = gzip.compress(DATA[: reading.BUFFER + 1000])[:-8]
    feeder = threading.Thread(target=os.write, args=(writable, start))
    feeder.start()
    stream = StdinFile(os.fdopen(readable, "rb", buffering=0)).open()
    assert DATA[:100] == stream.read(100)
    (waiting, *_) = threads()
    stream.close()
    assert waiting.is_alive()
    feeder.join()
    os.close(writable)
    waiting.join()
    for thread in threads():
        thread.join()


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
@pytest.mark.parametrize("step", [777_777, 1 << 20, 3_000_001])
def test_the_bytes_depend_on_the_data_alone(suffix, step):
    """Not on the pieces in which it is written, and so neither on pages nor on threads."""
    assert packed(suffix) == packed(suffix, step=step)


def test_gzip_is_what_the_standard_library_writes():
    """With neither name nor time in its header."""
    expected = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=expected, mtime=0, compresslevel=6) as stream:
        stream.write(DATA)
    assert expected.getvalue() == packed(".gz")


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_the_writer_may_use_its_memory_again(tmp_path, suffix):
    """What was written is what counts, not what stands there when its turn comes."""
    block = bytearray(1 << 20)
    with (tmp_path / "out").open("wb") as file, compressed_output(file, suffix) as stream:
        for number in range(5):
            block[:] = bytes([number]) * len(block)
            stream.write(block)
    expected = b"".join(bytes([number]) * len(block) for number in range(5))
    assert expected == PathFile(tmp_path / "out").open().read()


class Full(io.RawIOBase):
    """Takes so many bytes."""

    def __init__(self, room):
        self.room = room

    def writable(self):
        return True

    def write(self, data):
        self.room -= memoryview(data).nbytes
        if self.room < 0:
            raise OSError(28, "No space left on device")
        return memoryview(data).nbytes


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_full_disk_stops_the_writer(suffix):
    """An error beside the writer reaches it a few blocks later, not only at the end."""
    written = 0
    with pytest.raises(OSError, match="No space left"), compressed_output(Full(100_000), suffix) as stream:  # noqa: PT012
        while written < 100:
            stream.write(DATA[: 1 << 20])
            written += 1
    assert written < 2 + writing.WAITING + 2


def test_a_writer_that_is_given_up_compresses_nothing_more(monkeypatch, held):
    """What waits is dropped; the file stays open for its owner."""
    out, done = io.BytesIO(), []
    monkeypatch.setattr(writing, "_compress", lambda _, block, __: held() or done.append(block))
    with pytest.raises(KeyboardInterrupt), compressed_output(out, ".gz") as stream:  # noqa: PT012
        for block in (b"1", b"2", b"3"):
            stream.write(block)
        held.begun.wait()
        raise KeyboardInterrupt
    assert [b"1"] == done
    assert stream.closed
    assert not out.closed


def test_a_writer_that_nobody_closes_is_given_up():
    """The last of its threads ends with its work."""
    stream = compressed_output(io.BytesIO(), ".zst")
    stream.write(DATA)
    del stream
    assert [] == threads()
