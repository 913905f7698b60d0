"""The line loop: msgspec decodes and encodes each line; no rule is applied."""

from pathlib import Path

from msgspec import json

from benchmarks.peers.job import paths


def pass_decoded_lines(source: Path, target: Path) -> None:
    decode, encode = json.Decoder(dict[str, str | None]).decode, json.Encoder().encode
    with source.open("rb") as given, target.open("wb") as out:
        while lines := given.readlines(1 << 20):
            out.write(b"".join(encode(decode(line)) + b"\n" for line in lines))


if __name__ == "__main__":
    pass_decoded_lines(*paths())
