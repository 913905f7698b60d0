"""Cryptography value by value, as libraries offer it: prints the least processor seconds of some runs.

usage: python -m benchmarks.peers.one_by_one NAME VALUES RUNS

Text in, text out, as a column would be: ciphertexts are spelled in base64url.
"""

import hmac
import os
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

from benchmarks.peers.job import KEY

Work = Callable[[list[str]], Any]


def ids(count: int) -> list[str]:
    return [f"C{number:09d}" for number in range(count)]


def cards(count: int) -> list[str]:
    """16 digits."""
    return [f"4{number * 7_919_317 % 10**15:015d}" for number in range(count)]


def hmac_loop() -> Work:
    return lambda values: [hmac.digest(KEY, value.encode(), "sha256").hex()[:32] for value in values]


def duckdb_sha256() -> Work:
    import duckdb
    import pyarrow as pa

    inner, outer = (bytes(byte ^ pad for byte in KEY.ljust(64, b"\0")).hex() for pad in (0x36, 0x5C))
    nested = f"sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || encode(value))))"
    connection = duckdb.connect()
    connection.execute("SET threads = 1")

    def work(values: list[str]) -> Any:
        connection.register("given", pa.table({"value": pa.array(values, pa.string())}))
        return connection.sql(f"SELECT left({nested}, 32) FROM given").to_arrow_table()

    return work


def ff3() -> Work:
    from ff3 import FF3Cipher

    cipher = FF3Cipher(KEY.hex(), "d8e7920afa330a")
    return lambda values: [cipher.encrypt(value) for value in values]


def pyffx() -> Work:
    import pyffx

    cipher = pyffx.String(KEY, alphabet="0123456789", length=16)
    return lambda values: [cipher.encrypt(value) for value in values]


def aes_siv() -> Work:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    encrypt = AESSIV(KEY + KEY[::-1]).encrypt
    return lambda values: [urlsafe_b64encode(encrypt(value.encode(), None)).decode() for value in values]


def aes_gcm() -> Work:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    encrypt = AESGCM(KEY).encrypt

    def sealed(value: str) -> str:
        nonce = os.urandom(12)
        return urlsafe_b64encode(nonce + encrypt(nonce, value.encode(), None)).decode()

    return lambda values: [sealed(value) for value in values]


WORKS: dict[str, Callable[[], Work]] = {
    "hmac": hmac_loop,
    "duckdb": duckdb_sha256,
    "ff3": ff3,
    "pyffx": pyffx,
    "AESSIV": aes_siv,
    "AESGCM": aes_gcm,
}


def least_seconds(work: Work, values: list[str], runs: int) -> float:
    """Processor seconds of the best run."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work(values)
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    name, count, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    print(least_seconds(WORKS[name](), (cards if name in ("ff3", "pyffx") else ids)(count), runs))
