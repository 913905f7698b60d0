"""Each transform alone: millions of values a second of one thread's time, and how that compares to a copy.

usage: python -m benchmarks.transforms [--values N] [--only mask,bin]

A transform takes part with the component of its first example that needs no other column, on generated text that
looks like that example, or on the example's own values over and over if it refuses the generated ones. Learning
is part of the time. The copy is Arrow's `take` of the same values, measured in turn with the transform.
"""

import argparse
import re
import time
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.catalog import examples
from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform
from benchmarks.pages import conditions
from benchmarks.people import batch
from benchmarks.store import head
from benchmarks.tables import table
from tests.harness import answer, context

BATCH = 8_192  # values, about what a page of a CSV file holds
RUNS = 5
LOOKS = {
    r"https?://.*": "url",
    r".*@.*": "email",
    r"\d+\.\d+\.\d+\.\d+": "ip",
    r"\d{4}-\d\d-\d\d.*": "birth_date",
    r"-?\d?\d\.\d{4,}": "coordinate",
    r"\d{5}": "zip",
    r"\d?\d": "age",
    r"-?\d+(\.\d+)?": "salary",
    r".{30,}": "notes",
    r"(?s).*": "contact",
}

ABOUT = (
    "Millions of values a second of one thread's time, each transform with the component of its first example.\n"
    "The copy is Arrow's `take` of the same values.\n"
)


@dataclass(frozen=True)
class Speed:
    """How fast a transform is on which values."""

    step: str
    values: str
    seconds: float
    copying: float
    distinct: int


def columns(rows: int) -> dict[str, pa.Array]:
    """Columns of the reference table, and some made from them."""
    rng = np.random.default_rng(7)
    people = batch(0, rows, rng)
    made = {name: people[name].combine_chunks() for name in people.column_names}
    cents = [f"{number / 1e6:.6f}" for number in rng.integers(-90_000_000, 90_000_000, rows)]
    made["url"] = pc.binary_join_element_wise("https://www.example.com/people/", made["id"], "?from=mail", "")
    made["contact"] = pc.binary_join_element_wise(made["full_name"], made["phone"], ", ", null_handling="skip")
    return made | {"coordinate": pa.array(cents), "age": pc.utf8_slice_codeunits(made["zip"], 0, 2)}


def looks_like(example: Example) -> str:
    """The generated column for an example, by its first value."""
    first = str(_first(example))
    return next(name for pattern, name in LOOKS.items() if re.fullmatch(pattern, first))


def _first(example: Example) -> object:
    """The first value that is not null, if there is one."""
    return next((value for value in example.given if value is not None), None)


def passes(transform: ColumnTransform, values: pa.Array) -> bool:
    """Apply it to all values in batches as the pipeline does; whether it accepted them."""
    batches = [pa.record_batch({"value": values.slice(at, BATCH)}) for at in range(0, len(values), BATCH)]
    statistic = transform.needs(("value",))
    fitted = None if statistic is None else answer(statistic, *batches)
    accepted = True
    for number, given in enumerate(batches):
        around = context(transform, fitted, given.num_rows, number * BATCH)
        transform.apply(given["value"], around)
        accepted = accepted and not around.rejections
    return accepted


def repeated(example: Example, rows: int) -> pa.Array:
    """The example's own values, over and over."""
    given = pa.array(example.given)
    return given.take(pa.array(np.arange(rows) % len(given)))


def measured(example: Example, made: dict[str, pa.Array], rows: int) -> Speed:
    """Its speed on the generated values, or on its own."""
    transform, kind = example.component, looks_like(example)
    values = made[kind]
    if not passes(transform, values.slice(0, BATCH)):
        kind, values = "of the example", repeated(example, rows)
    places = pa.array(np.arange(BATCH, dtype=np.int32))
    best = copying = float("inf")
    for _ in range(RUNS):
        start = time.process_time()
        passes(transform, values)
        middle = time.process_time()
        for at in range(0, rows, BATCH):
            values.slice(at, BATCH).take(places.slice(0, min(BATCH, rows - at)))
        best, copying = min(best, middle - start), min(copying, time.process_time() - middle)
    return Speed(transform.call(), kind, best, copying, pc.count_distinct(values).as_py())


def simple_examples() -> dict[str, Example]:
    """The first example of each column transform that needs no other column."""
    found: dict[str, Example] = {}
    for example in examples("transform"):
        simple = isinstance(example.component, ColumnTransform) and example.columns is None
        if simple and _first(example) is not None:
            found.setdefault(example.component.name(), example)
    return found


def shortened(call: str) -> str:
    """A call in a table cell."""
    call = call.replace("|", "\\|")
    return call if len(call) <= 50 else call[:49] + "…"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.transforms", description=__doc__.partition("\n")[0]
    )
    parser.add_argument(
        "--values", type=int, default=1_000_000, metavar="N", help="values of a column (1,000,000)"
    )
    parser.add_argument("--only", metavar="NAMES", help="transforms, as mask,bin")
    asked = parser.parse_args()
    chosen = asked.only.split(",") if asked.only else None
    made = columns(asked.values)
    rows = [("transform", "values", "distinct", "M values/s", "times a copy")]
    for name, example in simple_examples().items():
        if chosen is None or name in chosen:
            speed = measured(example, made, asked.values)
            rate, ratio = asked.values / speed.seconds / 1e6, speed.seconds / speed.copying
            step = f"`{shortened(speed.step)}`"
            rows.append((step, speed.values, f"{speed.distinct:,}", f"{rate:.1f}", f"{ratio:.1f}"))
    print(f"# Each transform alone\n\n{conditions(head())}\n{ABOUT}\n\n{table(rows)}", end="")


if __name__ == "__main__":
    main()
