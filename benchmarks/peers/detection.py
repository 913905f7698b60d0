"""Finds personal data in the lines of a file with a tool of the field, by its patterns alone: IN.jsonl TOOL.

Prints a JSON document: processor seconds, characters and finds. Loading the tool is not counted.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Scan = Callable[[list[str]], int]


def anonymize() -> Scan:
    """All detectors at once."""
    import pyarrow as pa

    from anonymize.kernels.detection.available import every_detector
    from anonymize.kernels.detection.finding import find

    return lambda texts: len(find(pa.array(texts, pa.string()), every_detector()))


def presidio() -> Scan:
    """The pattern recognizers that are on by default, and an NLP engine that finds nothing."""
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine

    class Blank(SpacyNlpEngine):
        def __init__(self) -> None:
            super().__init__()
            self.nlp = {"en": spacy.blank("en")}

        def load(self) -> None:
            """Nothing to load."""

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    for name in {each.name for each in registry.recognizers if "Spacy" in each.name}:
        registry.remove_recognizer(name)
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])
    nothing = NlpArtifacts([], spacy.blank("en")(""), [], [], Blank(), "en")
    return lambda texts: sum(
        len(analyzer.analyze(text, "en", nlp_artifacts=nothing, score_threshold=0.5)) for text in texts
    )


def scrubadub() -> Scan:
    """Its default detectors."""
    import scrubadub as tool

    scrubber = tool.Scrubber()
    return lambda texts: sum(len(list(scrubber.iter_filth(text))) for text in texts)


def datafog() -> Scan:
    """Its regular expressions."""
    from datafog.processing.text_processing.regex_annotator import RegexAnnotator

    annotator = RegexAnnotator()
    return lambda texts: sum(sum(map(len, annotator.annotate(text).values())) for text in texts)


TOOLS = {"anonymize": anonymize, "presidio": presidio, "scrubadub": scrubadub, "datafog": datafog}


def main() -> None:
    texts = [json.loads(line)["text"] for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    scan = TOOLS[sys.argv[2]]()
    scan(texts[:50])
    begin = time.process_time()
    finds = scan(texts)
    seconds = time.process_time() - begin
    print(json.dumps({"seconds": seconds, "bytes": sum(len(text.encode()) for text in texts), "finds": finds}))


if __name__ == "__main__":
    main()
