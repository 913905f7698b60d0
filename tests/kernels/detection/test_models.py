"""Language models as detectors, with a stub in the place of the library."""

import sys
from types import SimpleNamespace

import pyarrow as pa
import pytest

from anonymize.core.errors import AnonymizeError, DataError, RuleError, UsageError
from anonymize.kernels.detection import models
from anonymize.kernels.detection.models import find_with_models
from anonymize.rulefile.loading import parse_rules
from anonymize.rulefile.own_detectors import DetectorRule
from anonymize.selftest import prove
from tests.key import KEY
from tests.spine.build import anonymize

SECRET_WORD = "Gwendolyn"


def entity(text, word, label):
    return SimpleNamespace(start_char=text.index(word), end_char=text.index(word) + len(word), label_=label)


def documents(texts):
    for text in texts:
        if "fail" in text:
            raise ValueError(f"cannot read {text}")
        names = [entity(text, word, label) for word, label in (("Mü", "PER"), ("Köln", "GPE")) if word in text]
        yield SimpleNamespace(ents=names)


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A folder, and a library that reads a model from it."""
    language = SimpleNamespace(pipe=documents)
    monkeypatch.setitem(sys.modules, "spacy", SimpleNamespace(load=lambda folder: language))
    folder = tmp_path / "model"
    folder.mkdir()
    return f"spacy:{folder}"


def built(model, name="PERSON", **more):
    return DetectorRule(name=name, model=model, labels=["PER"], **more).build()


def test_finds_stand_where_the_model_says(model):
    """In characters and in bytes, in every row that holds the text; other labels are passed over."""
    values = pa.array(["né Mü", None, "Mü in Köln", "né Mü", "nobody"])

    found = find_with_models(values, [built(model)])

    assert [(0, 3, 5), (2, 0, 2), (3, 3, 5)] == list(zip(found.row, found.start, found.end, strict=True))
    assert [(4, 7), (0, 3), (4, 7)] == list(zip(found.byte_start, found.byte_end, strict=True))


def test_a_rule_file_brings_a_model(model, tmp_path, monkeypatch):
    """The text is redacted by the model and by the package's own detectors, and the examples are proven."""
    monkeypatch.setenv("ANONYMIZE_KEY", KEY)
    detector = f"{{name: PERSON, model: '{model}', labels: [PER], examples: [{{text: a Mü, found: [Mü]}}]}}"
    rules = parse_rules(
        f"version: 1\ndetectors: [{detector}]\ncolumns:\n  t: redact_text(entities=[PERSON, EMAIL_ADDRESS])",
        "r.yaml",
    )

    out, _ = anonymize(tmp_path, rules, "t\nMü: a@example.com in Köln\n".encode())

    assert "t\n<PERSON>: <EMAIL_ADDRESS> in Köln\n" == out.decode()
    assert [True] == [outcome.passed for outcome in prove(rules)]


def test_a_text_that_is_too_long_goes_as_a_whole(model, monkeypatch):
    """What the model did not read does not pass."""
    monkeypatch.setattr(models, "LONGEST", 10)

    found = find_with_models(pa.array(["x" * 11, "x" * 10]), [built(model)])

    assert [(0, 0, 11)] == list(zip(found.row, found.start, found.end, strict=True))


def test_a_models_error_shows_no_text(model):
    """Whatever it says, it may quote the data."""
    with pytest.raises(DataError) as caught:
        find_with_models(pa.array([f"fail {SECRET_WORD}"]), [built(model)])

    assert SECRET_WORD not in str(caught.value)
    assert caught.value.__cause__ is None


def test_what_is_missing_is_said(tmp_path, monkeypatch):
    """No folder, no library."""
    monkeypatch.setitem(sys.modules, "gliner", None)
    for said, message in (
        (f"spacy:{tmp_path}/none", "there is no folder"),
        (f"gliner:{tmp_path}", "not installed"),
    ):
        with pytest.raises(UsageError, match=message):
            find_with_models(pa.array(["x"]), [built(said)])


@pytest.mark.parametrize(
    "more", ["model: en_core_web_sm", "model: 'spacy:m', pattern: x", "pattern: x, labels: [PER]"]
)
def test_a_model_is_a_folder_and_stands_alone(more):
    """A name to download is refused, and so are patterns beside a model."""
    with pytest.raises(AnonymizeError) as caught:
        parse_rules(f"version: 1\ndetectors: [{{name: PERSON, {more}}}]\ncolumns: {{a: keep}}", "r.yaml")

    assert isinstance(caught.value, RuleError)


def test_gliner_is_asked_for_its_labels(tmp_path, monkeypatch):
    """Offline, with the rule's words as labels and the model's own scores."""

    class Stub:
        @staticmethod
        def from_pretrained(folder, *, local_files_only):
            assert (str(tmp_path), True) == (folder, local_files_only)
            return Stub()

        def predict_entities(self, text, labels):
            return [{"start": 0, "end": 2, "label": labels[0], "score": score} for score in (0.4, 0.9)]

    monkeypatch.setitem(sys.modules, "gliner", SimpleNamespace(GLiNER=Stub))

    found = find_with_models(pa.array(["Mü", ""]), [built(f"gliner:{tmp_path}")])

    assert [0.9] == found.score.tolist()
