"""What `plan --explore` prints: the options, and what each quasi-identifier costs the others."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from anonymize.core.errors import UsageError

if TYPE_CHECKING:
    from anonymize.exploring import Explored
    from anonymize.kernels.anonymity.exploring import Effect, Option
    from anonymize.rulefile.rules import Check

UNPROVEN = "~"


def numbers(said: str | None, usual: tuple[int, ...]) -> tuple[int, ...]:
    """The k of a list with commas. Raises UsageError."""
    if said is None:
        return usual
    parts = [part.strip() for part in said.split(",")]
    if not all(part.isdecimal() and 0 < int(part) < 1 << 40 for part in parts):
        raise UsageError("--k takes whole numbers from 1 on", hint="as in --k 5,11")
    return tuple(int(part) for part in parts)


def shares(said: str | None, usual: tuple[float, ...]) -> tuple[float, ...]:
    """The shares of a list with commas, in percent or not. Raises UsageError."""
    if said is None:
        return usual
    found = []
    for part in (part.strip() for part in said.split(",")):
        try:
            share = float(part.removesuffix("%")) / (100 if part.endswith("%") else 1)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            raise UsageError("--suppress takes shares of the rows", hint="as in --suppress 0,1%,2.5%")
        found.append(share)
    return tuple(found)


def explored_data(found: "Explored") -> dict[str, Any]:
    """For --json."""
    options = [_option_data(number, option) for number, option in enumerate(found.found.options, 1)]
    chosen = found.found.chosen
    return {
        "step": found.step.call(),
        "in_rules": found.is_asked,
        "columns": list(found.columns),
        "rows": found.rows,
        "combinations": found.combinations,
        "options": options,
        "out_of_reach": list(found.found.out_of_reach),
        "chosen": None if chosen is None else _option_data(None, chosen),
        "effects": [asdict(effect) for effect in found.found.effects],
    }


def _option_data(number: int | None, option: "Option") -> dict[str, Any]:
    return {
        "number": number,
        "k": option.k,
        "suppress": option.limit,
        "recoding": option.recoding,
        "levels": option.levels,
        "loss": option.loss,
        "suppressed": option.suppressed,
        "best_possible": option.bound,
    }


def unmet(option: "Option", checks: "Sequence[Check]") -> Iterator[str]:
    """The gates of the rules that the k of an option does not reach."""
    for check in checks:
        if check.metric.use == "k_anonymity" and check.operator in (">=", ">") and not check.holds(option.k):
            yield f"the check {check} will stop the run: lower it, or take a line with a larger k"


def explored_page(found: "Explored") -> Iterator[Any]:
    """The options and the effects."""
    from anonymize.cli.console import plain, table

    yield plain(f"{found.rows:,} rows in {found.combinations:,} combinations of {', '.join(found.columns)}")
    yield ""
    lines = [_line(number, option, found.rows) for number, option in enumerate(found.found.options, 1)]
    if lines:
        heads = ["line", "k", "suppress", "suppressed", "", "loss", "levels"]
        yield table(heads, lines, right=(0, 1, 2, 3, 4, 5), wide={6: 10})
    yield from _notes(found)
    yield from _effects(found)


def _line(number: int, option: "Option", rows: int) -> tuple[str, ...]:
    gone = option.suppressed / rows
    levels = "each class its own" if option.levels is None else " ".join(map(str, option.levels))
    return (
        str(number),
        f"{option.k:,}",
        f"{option.limit:.4g}" if not option.limit else f"{option.limit * 100:.4g}%",
        f"{option.suppressed:,}",
        f"{gone:.1%}",
        (UNPROVEN if option.bound is not None else "") + f"{option.loss:.4f}",
        levels,
    )


def _notes(found: "Explored") -> Iterator[Any]:
    from anonymize.cli.console import dim

    options = found.found.options
    if found.found.out_of_reach:
        yield dim(f"out of reach: k = {', '.join(f'{k:,}' for k in found.found.out_of_reach)}")
    if any(option.levels is not None for option in options):
        yield dim("loss: 0 for nothing, 1 for everything; the levels stand in the order of the columns above")
    if any(option.bound is not None for option in options):
        yield dim(f"{UNPROVEN} the best found in the time; --time-limit gives more, --json the best possible")


def _effects(found: "Explored") -> Iterator[Any]:
    from anonymize.cli.console import plain, table

    chosen, effects = found.found.chosen, found.found.effects
    if chosen is None:
        yield plain("")
        yield plain(f"{found.step.call()} is out of reach, so there is nothing to say about single columns")
        return
    if not effects:
        return
    yield ""
    asked = f"k={chosen.k} and at most {chosen.limit * 100:.4g}% suppressed"
    yield plain(f"what each column costs the others, with {asked}")
    yield ""
    heads = ["column", "level", "it loses", "others lose", "if it is dropped", "one level up"]
    yield table(heads, [_effect(effect) for effect in effects], right=(1, 2, 3, 4, 5))


def _effect(effect: "Effect") -> tuple[str, ...]:
    level = "" if effect.level is None else f"{effect.level} of {effect.height}"
    after = ("" if cost is None else f"{cost:.4f}" for cost in (effect.without, effect.coarser))
    return (effect.column, level, f"{effect.own:.4f}", f"{effect.others:.4f}", *after)
