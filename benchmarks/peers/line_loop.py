"""The line loop: msgspec decodes and encodes each line; no rule is applied."""

from msgspec import json

from benchmarks.peers.job import paths

source, target = paths()
decode, encode = json.Decoder(dict[str, str | None]).decode, json.Encoder().encode
with source.open("rb") as given, target.open("wb") as out:
    while lines := given.readlines(1 << 20):
        out.write(b"".join(encode(decode(line)) + b"\n" for line in lines))
