"""The pages of what is measured besides the jobs: file sizes, cryptography, tools of the field."""

from typing import Any

from benchmarks.jobs import TWO_THREADS
from benchmarks.tables import table

CLOSE = 0.1
"""How far figures for different file sizes may lie apart."""


def conditions(result: dict[str, Any]) -> str:
    """When, on what, with what."""
    machine = result["machine"]
    installed = machine["versions"] | result.get("others", {})
    versions = ", ".join(f"{name} {version}" for name, version in installed.items())
    shape = f"{machine['cpu']}, {machine['cores']} cores used, {machine['memory_gb']} GB; {machine['system']}"
    return f"{result['date']}: {shape}; Python {machine['python']}; {versions}.\n"


def verdict(met: bool) -> str:
    return "met" if met else "**not met**"


def apart(figures: list[float]) -> float:
    """How much larger the largest is than the least."""
    return max(figures) / min(figures) - 1


def memory_page(result: dict[str, Any]) -> str:
    """What larger files cost."""
    rows = [("rows", "MB", "seconds", "MB/s", "ratio to the floor", "peak MB", "peak MB of the floor")]
    for size in result["sizes"]:
        ours, floor = size["contenders"][TWO_THREADS], size["contenders"]["floor"]
        speed, ratio = size["bytes"] / 1e6 / ours["seconds"], ours["seconds"] / floor["seconds"]
        figures = (f"{size['rows']:,}", f"{size['bytes'] / 1e6:,.0f}", f"{ours['seconds']:.2f}", f"{speed:.0f}")
        rows.append((*figures, f"{ratio:.2f}", str(ours["peak_mb"]), str(floor["peak_mb"])))
    about = f"CSV to CSV, the reference job, `--threads 2`; runs: {result['sizes'][0]['runs']}."
    lines = "".join(f"- {line}\n" for line in growth_lines(result["sizes"]))
    return f"## Larger files\n\n{conditions(result)}\n{about}\n\n{table(rows)}\n{lines}"


def growth_lines(sizes: list[dict[str, Any]]) -> list[str]:
    """The goals, each with what was found."""
    found = [size["contenders"][TWO_THREADS] for size in sizes]
    peaks = apart([one["peak_mb"] for one in found])
    times = apart([one["seconds"] / size["rows"] for one, size in zip(found, sizes, strict=True)])
    lines = [
        f"peak memory within {CLOSE:.0%} at all sizes: {peaks:.0%} apart, {verdict(peaks <= CLOSE)}",
        f"time per row within {CLOSE:.0%} at all sizes: {times:.0%} apart, {verdict(times <= CLOSE)}",
    ]
    return lines + [line for size in sizes if size["rows"] >= 5_000_000 for line in large_lines(size)]


def large_lines(size: dict[str, Any]) -> list[str]:
    """The goals of a file whose start-up no longer counts."""
    ours, floor = size["contenders"][TWO_THREADS]["seconds"], size["contenders"]["floor"]["seconds"]
    speed, ratio, rows = size["bytes"] / 1e6 / ours, ours / floor, f"{size['rows']:,} rows"
    return [
        f"{rows}, at least 400 MB/s: {speed:.0f}, {verdict(speed >= 400)}",
        f"{rows}, at most 1.0x the floor: {ratio:.2f}x, {verdict(ratio <= 1)}",
    ]


def crypto_page(result: dict[str, Any]) -> str:
    """Rates side by side, for each kind of cryptography."""
    parts = [crypto_part(title, found) for title, found in result["groups"].items()]
    missing = "".join(f"- {line}\n" for line in result["skipped"])
    about = "Million values a second on one core, unless said otherwise: the best run, in processor seconds."
    title = "## Cryptography, value by value and by columns"
    page = f"{title}\n\n{conditions(result)}\n{about}\n\n" + "\n".join(parts)
    return page + (f"\nNot measured:\n\n{missing}" if missing else "")


def crypto_part(title: str, found: dict[str, Any]) -> str:
    """The fastest first."""
    ours = found["anonymize"]["rate"]
    rows = [("", "M values/s", "ours is faster by", "values", "what it is")]
    for name, one in sorted(found.items(), key=lambda item: -item[1]["rate"]):
        times = "" if one["ours"] else f"{ours / one['rate']:,.1f}x"
        named = f"**{name}**" if one["ours"] else name
        rows.append((named, f"{one['rate'] / 1e6:.3g}", times, f"{one['values']:,}", one["about"]))
    return f"### {title}\n\n{table(rows)}"


def field_page(result: dict[str, Any]) -> str:
    """Small jobs that the tools of the field can do too."""
    about = (
        f"CSV to CSV, {result['rows']:,} rows of the same table, one process for each run; start-up and imports "
        f"counted; medians; runs: {result['runs']}. The tools are asked for the same kind of result, not for the "
        "same bytes; `benchmarks/peers/field.py` says how."
    )
    parts = [field_part(job) for job in result["jobs"].values()]
    missing = "".join(f"- {line}\n" for line in result["skipped"])
    page = f"## Tools of the field\n\n{conditions(result)}\n{about}\n\n" + "\n".join(parts)
    return page + (f"\nNot measured:\n\n{missing}" if missing else "")


def field_part(job: dict[str, Any]) -> str:
    """The fastest first."""
    ours = job["contenders"][TWO_THREADS]["seconds"]
    rows = [("", "times ours", "seconds", "peak MB", "what it is")]
    for name, one in sorted(job["contenders"].items(), key=lambda item: item[1]["seconds"]):
        named = f"**{name}**" if name == TWO_THREADS else name
        times, seconds = f"{one['seconds'] / ours:.1f}", f"{one['seconds']:.2f}"
        rows.append((named, times, seconds, str(one["peak_mb"]), one["about"]))
    return f"### {job['title']}\n\n{table(rows)}"


ANONYMITY_TITLES = {
    "enforce": "Enforcing k = 5, at most 5 % of the rows suppressed",
    "measure": "Measuring k, l and t (ours: all its metrics)",
}


ROUNDED = 1e-5
LIMIT = 600
"""Seconds after which a tool is stopped. It is not tried where fewer rows say that it would take longer."""
ANONYMITY_GOALS = {"enforce": 50, "measure": 20}
"""How many times the processor time of ours the others are to take."""


def anonymity_page(result: dict[str, Any]) -> str:
    """k-anonymity beside other tools, and on more rows."""
    about = (
        "A generated table like the census extract Adult with eight quasi-identifiers, CSV; one process for each "
        "run, start-up and imports counted; medians. The ratios are of processor time. The tools recode in other "
        "ways, so what they lose differs."
    )
    parts = [anonymity_part(ANONYMITY_TITLES[job], sizes) for job, sizes in result["jobs"].items() if sizes]
    lines = [line for job, sizes in result["jobs"].items() for line in anonymity_lines(job, sizes)]
    parts.append("### Goals\n\n" + "".join(f"- {line}\n" for line in [*lines, census_line(result["census"])]))
    missing = "".join(f"- {line}\n" for line in result["skipped"])
    page = f"## k-anonymity\n\n{conditions(result)}\n{about}\n\n" + "\n".join(parts)
    return page + (f"\nNot measured:\n\n{missing}" if missing else "")


def anonymity_part(title: str, sizes: list[dict[str, Any]]) -> str:
    """The sizes one below the other, the fastest of each first."""
    rows = [("", "rows", "times ours", "processor s", "seconds", "peak MB", "what it is")]
    for size in sizes:
        count, ours = f"{size['rows']:,}", size["contenders"]["anonymize"]["processor"]
        for name, one in sorted(size["contenders"].items(), key=lambda item: item[1]["processor"]):
            is_ours = name == "anonymize"
            named, times = (f"**{name}**", "1") if is_ours else (name, f"{one['processor'] / ours:.1f}")
            figures = (f"{one['processor']:.2f}", f"{one['seconds']:.2f}", str(one["peak_mb"]))
            rows.append((named, count, times, *figures, one["about"]))
        for name, least in size["skipped"].items():
            took = (f"> {least:.0f}", "", "stopped") if least <= LIMIT else ("", "", "not tried after fewer rows")
            rows.append((name, count, "", "", *took))
    return f"### {title}\n\n{table(rows)}" + "".join(alone_line(size) for size in sizes if size.get("alone"))


def alone_line(size: dict[str, Any]) -> str:
    """The algorithms without their programs."""
    ours = size["alone"]["anonymize"]
    others = ", ".join(
        f"{name} {one:.2f} s ({one / ours:.0f}x)" for name, one in size["alone"].items() if name != "anonymize"
    )
    return (
        f"\nIn one process, the table in memory before and after, {size['rows']:,} rows: "
        f"anonymize {ours:.3f} s, {others}.\n"
    )


def anonymity_lines(job: str, sizes: list[dict[str, Any]]) -> list[str]:
    """The goal beside each tool that was measured."""
    goal, lines = ANONYMITY_GOALS[job], []
    for size in sizes:
        ours = size["contenders"]["anonymize"]["processor"]
        for name, one in size["contenders"].items():
            if name != "anonymize":
                times = one["processor"] / ours
                said = f"{job} {size['rows']:,} rows at least {goal}x as fast as {name}: {times:.1f}x"
                lines.append(f"{said}, {verdict(times >= goal)}")
        for name, least in size["skipped"].items():
            times = least / size["contenders"]["anonymize"]["seconds"]
            said = f"{job} {size['rows']:,} rows at least {goal}x as fast as {name}, which did not finish"
            judged = f"{times:,.0f}x or more, {verdict(True) if times >= goal else 'not known'}"
            lines.append(f"{said}: {judged}" if least <= LIMIT else f"{said} fewer rows: not tried")
    return lines


def census_line(found: dict[str, Any]) -> str:
    """What one census of all combinations takes."""
    said = f"census of {found['rows']:,} rows and {found['columns']} quasi-identifiers in seconds"
    took = f"{found['processor']:.1f} s of processor time on one thread"
    combined = f"{found['combinations']:,} combinations, {found['peak_mb']:,} MB at most"
    return f"{said}: {took}, {combined}, {verdict(found['processor'] < 60)}"


def adult_page(result: dict[str, Any]) -> str:
    """What is found on the public Adult data, beside ARX."""
    rows = [("model", "levels", "loss", "loss of ARX", "suppressed", "processor s", "seconds of ARX", "")]
    for model in result["models"]:
        ours, arx = model["ours"], model["arx"]
        same = ours["levels"] == arx["levels"] and abs(ours["loss"] - arx["loss"]) < ROUNDED
        said = "the same optimum" if same and ours["levels"] else f"{ours['loss'] / arx['loss'] - 1:+.1%} lost"
        step = ", ".join(f"{name}={value}" for name, value in model["step"].items())
        step += f", sensitive {model['secret']}" if model["secret"] else ""
        figures = (
            f"{ours['loss']:.5f}",
            f"{arx['loss']:.5f}",
            f"{ours['suppressed']:,}",
            f"{ours['processor']:.2f}",
        )
        rows.append((step, ours["levels"] or "each class its own", *figures, f"{arx['seconds']:.2f}", said))
    about = (
        "30,162 rows, all columns quasi-identifying but a sensitive one, hierarchies as published with ARX; the "
        "levels in the order sex, age, race, marital-status, education, native-country, workclass, occupation, "
        "salary-class. The figures of ARX 3.9.2 are its own, after warm-up; ours count the whole run of the "
        "program. The local recodings are heuristics in both: ARX's needs half a minute."
    )
    return f"## The optimum on the Adult data\n\n{conditions(result)}\n{about}\n\n{table(rows)}"
