"""k-anonymity by tools of the field, each as its documentation says: IN.csv OUT TOOL.

`anjana` enforces k = 5 with at most 5 % of the rows suppressed, `polarfrost` by Mondrian; both write CSV.
`pycanon` measures k, l and t and writes them as JSON. OUT.alone gets the processor time of the algorithm alone.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from benchmarks.households import DOMAINS, HIERARCHIES, QUASI, SENSITIVE

K, SUPPRESSED = 5, 5


def ladder(name: str) -> dict[int, list[str]]:
    """The levels of a domain: the values, what ours has above them, and everything hidden."""
    if name == "age":
        ages = list(range(17, 91))
        widths = (5, 10, 20, 40)
        between = [
            [f"[{age // width * width}, {age // width * width + width})" for age in ages] for width in widths
        ]
        levels = [[str(age) for age in ages], *between]
    else:
        above = [{value: label for label, part in HIERARCHIES.get(name, {}).items() for value in part}]
        levels = [DOMAINS[name], *([level[value] for value in DOMAINS[name]] for level in above if level)]
    return dict(enumerate([*levels, ["*"] * len(levels[0])]))


@contextmanager
def alone(target: str) -> Iterator[None]:
    """Write beside the target how long the processors took for the algorithm alone."""
    start = time.process_time()
    yield
    Path(f"{target}.alone").write_text(str(time.process_time() - start))


def anjana(source: str, target: str) -> None:
    from anjana.anonymity import k_anonymity

    hierarchies = {name: {n: pd.Series(level) for n, level in ladder(name).items()} for name in QUASI}
    table = pd.read_csv(source, dtype=str)
    with alone(target):
        found = k_anonymity(table, [], list(QUASI), K, SUPPRESSED, hierarchies)
    found.to_csv(target, index=False)


def polarfrost(source: str, target: str) -> None:
    import polars
    from polarfrost import mondrian_k_anonymity

    table = polars.read_csv(source, schema_overrides={"age": polars.Int64})
    others = [name for name in QUASI if name != "age"]
    mondrian_k_anonymity(table, list(QUASI), SENSITIVE, K, categorical=others).write_csv(target)


def pycanon(source: str, target: str) -> None:
    from pycanon import anonymity

    table = pd.read_csv(source, dtype=str)
    quasi = list(QUASI)
    with alone(target):
        found = {
            "k_anonymity": anonymity.k_anonymity(table, quasi),
            "l_diversity": anonymity.l_diversity(table, quasi, [SENSITIVE]),
            "t_closeness": anonymity.t_closeness(table, quasi, [SENSITIVE]),
        }
    Path(target).write_text(json.dumps({name: float(value) for name, value in found.items()}))


TOOLS = {"anjana": anjana, "polarfrost": polarfrost, "pycanon": pycanon}

if __name__ == "__main__":
    source, target, tool = sys.argv[1:]
    TOOLS[tool](source, target)
