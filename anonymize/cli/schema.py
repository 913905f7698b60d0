"""`anonymize schema`: the JSON Schema of the rule file."""

from anonymize.cli import options
from anonymize.cli.answer import Answer

EPILOG = options.examples("schema > anonymize.schema.json")


def command() -> Answer:
    """Print the JSON Schema of the rule file, for editors."""
    import json

    from anonymize.rulefile.schema import rule_file_schema

    schema = rule_file_schema()
    return Answer("schema", schema, result=lambda: [json.dumps(schema, indent=2, ensure_ascii=False)])
