"""Tools of the field on a pandas table, each as its documentation says: IN.csv OUT.csv TOOL JOB.

The jobs: `hash` id and ssn with a secret, `mask` phone but for its last 4 characters, `fake` full_name, `redact`
e-mail addresses in notes. Empty cells stay text, as not all of the tools take missing values.
"""

import sys
from collections.abc import Callable
from functools import partial

import pandas as pd

from benchmarks.peers.job import EMAIL, KEY, paths

SECRET = KEY.hex()
TOKENS = ("id", "ssn")
HIDDEN = 8  # of the 12 characters of a phone number
Column = Callable[[pd.Series], pd.Series]


def each(table: pd.DataFrame, columns: tuple[str, ...], change: Column) -> pd.DataFrame:
    return table.assign(**{name: change(table[name]) for name in columns})


def aindo(table: pd.DataFrame, job: str) -> pd.DataFrame:
    from aindo.anonymize.techniques import CharacterMasking, KeyHashing, Mocking

    technique = {
        "hash": partial(KeyHashing, SECRET),
        "mask": partial(CharacterMasking, HIDDEN),
        "fake": partial(Mocking, "name"),
    }[job]()
    columns = {"hash": TOKENS, "mask": ("phone",), "fake": ("full_name",)}[job]
    return each(table, columns, technique.anonymize_column)


def anonymizedf(table: pd.DataFrame, _: str) -> pd.DataFrame:
    """Only fakes; one for each distinct value."""
    from anonymizedf.anonymizedf import anonymize

    fakes = anonymize(table).fake_names("full_name")["Fake_full_name"]
    return table.assign(full_name=fakes).drop(columns="Fake_full_name")


def cape(table: pd.DataFrame, _: str) -> pd.DataFrame:
    """Only tokens: SHA-256 of the value and the secret."""
    from cape_dataframes.pandas.transformations import Tokenizer

    return each(table, TOKENS, Tokenizer(max_token_len=32, key=SECRET))


def presidio(table: pd.DataFrame, job: str) -> pd.DataFrame:
    return presidio_text(table) if job == "redact" else presidio_columns(table, job)


def presidio_columns(table: pd.DataFrame, job: str) -> pd.DataFrame:
    """presidio-structured, told what is in the columns, so that nothing is detected."""
    from presidio_anonymizer.entities import OperatorConfig
    from presidio_structured import StructuredEngine
    from presidio_structured.config import StructuredAnalysis

    columns = TOKENS if job == "hash" else ("phone",)
    operator = {
        "hash": OperatorConfig("hash", {"hash_type": "sha256", "salt": SECRET}),
        "mask": OperatorConfig("mask", {"masking_char": "*", "chars_to_mask": HIDDEN, "from_end": False}),
    }[job]
    analysis = StructuredAnalysis(entity_mapping=dict.fromkeys(columns, "VALUE"))
    return StructuredEngine().anonymize(table, analysis, {"VALUE": operator})


def presidio_text(table: pd.DataFrame) -> pd.DataFrame:
    """One pattern instead of the analyzer with its language model."""
    from presidio_analyzer import Pattern, PatternRecognizer
    from presidio_anonymizer import AnonymizerEngine
    from presidio_anonymizer.entities import OperatorConfig

    finder = PatternRecognizer(supported_entity="EMAIL_ADDRESS", patterns=[Pattern("email", EMAIL, 0.5)])
    engine, operators = AnonymizerEngine(), {"DEFAULT": OperatorConfig("replace", {"new_value": "[EMAIL]"})}

    def redacted(text: str) -> str:
        return engine.anonymize(text, finder.analyze(text, ["EMAIL_ADDRESS"]), operators).text

    return each(table, ("notes",), lambda values: values.map(redacted))


def scrubadub(table: pd.DataFrame, _: str) -> pd.DataFrame:
    """Only redaction, with its detector of e-mail addresses alone."""
    from scrubadub import Scrubber
    from scrubadub.detectors import EmailDetector

    scrubber = Scrubber(detector_list=[EmailDetector])
    return each(table, ("notes",), lambda values: values.map(scrubber.clean))


if __name__ == "__main__":
    source, target = paths()
    given = pd.read_csv(source, dtype=str, keep_default_na=False)
    globals()[sys.argv[3]](given, sys.argv[4]).to_csv(target, index=False)
