"""Our keyed transforms, and what libraries offer for the same value by value.

usage: python -m benchmarks.crypto [--values N] [--runs N] [--only siv,ff1] [--peers PYTHON]

Rates come from the best run in processor seconds, as those of one thread hardly depend on what else the machine
does. Only the rates of two threads are by the clock, and need a quiet machine.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from anonymize.core.catalog import component
from anonymize.core.transform import ColumnTransform
from anonymize.engines.local import SWITCH_INTERVAL
from benchmarks.machine import use_cores
from benchmarks.measure import ENVIRONMENT, PEERS, ROOT, installed_in, trouble
from benchmarks.pages import crypto_page
from benchmarks.peers.one_by_one import cards, ids
from benchmarks.report import write_readme
from benchmarks.run import say, words
from benchmarks.store import RESULTS, head, write
from tests.harness import context

BATCH = 16_384  # values, about what a block of a CSV file holds


@dataclass(frozen=True)
class Peer:
    """A script's name for a work, the package it needs, and the share of the values it is given, being slow."""

    work: str
    about: str
    package: str = "hmac"
    distribution: str | None = None
    """Where the package is not one of the project's own."""
    share: float = 0.1


@dataclass(frozen=True)
class Group:
    """A transform and its peers on the same values."""

    title: str
    transform: str
    about: str
    values: Callable[[int], list[str]]
    peers: tuple[Peer, ...]


GROUPS = {
    "pseudonyms": Group(
        "Pseudonyms of ids",
        "pseudonymize",
        "AES-256-CMAC, 32 hex digits",
        ids,
        (
            Peer("hmac", "`hmac.digest` with SHA-256, 32 hex digits"),
            Peer("duckdb", "HMAC as two nested `sha256`, 32 hex digits, one thread", "duckdb", share=1),
        ),
    ),
    "ff1": Group(
        "Format-preserving encryption of 16 digits",
        "encrypt_preserving_format",
        "FF1 (NIST SP 800-38G)",
        cards,
        (
            Peer("ff3", "FF3-1", "ff3", "ff3", share=0.005),
            Peer("pyffx", "FFX with HMAC-SHA1", "pyffx", "pyffx", share=0.005),
        ),
    ),
    "siv": Group(
        "Deterministic encryption of ids",
        "encrypt_deterministic",
        "AES-256-SIV (RFC 5297), base64url",
        ids,
        (Peer("AESSIV", "`AESSIV` of cryptography, base64url", "cryptography"),),
    ),
    "gcm": Group(
        "Randomized encryption of ids",
        "encrypt",
        "XAES-256-GCM, base64url",
        ids,
        (Peer("AESGCM", "`AESGCM` of cryptography, base64url", "cryptography"),),
    ),
}


def apply_to_all(transform: ColumnTransform, batches: list[pa.Array], threads: int) -> None:
    """The column in batches, as the pipeline does it. A rejected value ends the benchmark."""

    def work(values: pa.Array) -> None:
        around = context(transform, None, len(values))
        transform.apply(values, around)
        if around.rejections:
            raise SystemExit(f"{transform.name()} rejects values of the benchmark")

    if threads == 1:
        for values in batches:
            work(values)
        return
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)  # as the engine does
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, batches))
    sys.setswitchinterval(interval)


def own_rates(group: Group, count: int, runs: int) -> dict[str, Any]:
    """Ours in one thread by processor seconds, and in one and two by the clock."""
    column = pa.array(group.values(count), pa.string())
    batches = [column.slice(at, BATCH) for at in range(0, count, BATCH)]
    transform = component("transform", group.transform)()
    found = {}
    for name, threads, clock in (
        ("anonymize", 1, time.process_time),
        ("anonymize, 1 thread by the clock", 1, time.perf_counter),
        ("anonymize, 2 threads by the clock", 2, time.perf_counter),
    ):
        times = []
        for _ in range(runs):
            start = clock()
            apply_to_all(transform, batches, threads)
            times.append(clock() - start)
        about = f"`{group.transform}`: {group.about}"
        found[name] = {"about": about, "values": count, "rate": round(count / min(times)), "ours": True}
    return found


def peer_rate(peer: Peer, python: Path, count: int, runs: int) -> dict[str, Any]:
    """In a process of its own, with the Python that has the package."""
    script = [str(python), "-m", "benchmarks.peers.one_by_one", peer.work, str(count), str(runs)]
    done = subprocess.run(script, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, check=True)
    return {"about": peer.about, "values": count, "rate": round(count / float(done.stdout)), "ours": False}


def measured(group: Group, asked: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    """A group's rates, and who could not take part."""
    found, skipped = own_rates(group, asked.values, asked.runs), []
    for peer in group.peers:
        say(f"{group.title}: {peer.work}")
        count = max(1000, round(asked.values * peer.share))
        python = asked.peers if peer.distribution else Path(sys.executable)
        if problem := trouble(python, peer.package):
            skipped.append(f"{peer.work}: {problem}")
        else:
            found[peer.work] = peer_rate(peer, python, count, asked.runs)
    return found, skipped


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crypto", description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("--values", type=int, default=1_000_000, metavar="N", help="values of ours (1,000,000); others have less")
    add("--runs", type=int, default=3, metavar="N", help="runs, the best of which counts (3)")
    add("--only", type=words, metavar="GROUPS", help=f"of {', '.join(GROUPS)}")
    add("--peers", type=Path, default=PEERS, metavar="PYTHON", help="the Python of the peers' environment")
    add("--results", type=Path, default=RESULTS, metavar="FOLDER", help="where results go")
    asked = parser.parse_args()
    use_cores(2)
    others = [peer.distribution for group in GROUPS.values() for peer in group.peers if peer.distribution]
    result: dict[str, Any] = {**head(), "others": installed_in(asked.peers, others), "groups": {}, "skipped": []}
    for name, group in GROUPS.items():
        if asked.only is None or name in asked.only:
            result["groups"][group.title], skipped = measured(group, asked)
            result["skipped"] += skipped
    say("")
    print(crypto_page(result))
    print(f"stored in {write(asked.results, 'crypto', result)}")
    write_readme(asked.results)


if __name__ == "__main__":
    main()
