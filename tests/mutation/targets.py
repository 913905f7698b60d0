"""Which tests should notice a fault in which module, and survivors that cannot be noticed."""

EXAMPLES = "tests/components/test_examples.py"
LAWS = "tests/components/test_laws.py"
STEPS = "tests/components/transforms"

TARGETS = {
    "anonymize/kernels/text/masking.py": (f"{STEPS}/test_masking.py",),
    "anonymize/kernels/numbers/intervals.py": ("tests/kernels/test_numbers.py", f"{STEPS}/test_generalization.py"),
    "anonymize/kernels/crypto/ff1.py": ("tests/kernels/crypto/test_ff1.py",),
    "anonymize/kernels/crypto/tokens.py": ("tests/kernels/test_tokens.py", f"{STEPS}/test_pseudonymize.py"),
    "anonymize/transforms/masking/escape_formulas.py": ("tests/matrix/test_csv.py", EXAMPLES),
    "anonymize/transforms/masking/mask.py": (f"{STEPS}/test_masking.py", EXAMPLES),
    "anonymize/transforms/substitution/pseudonymize.py": (f"{STEPS}/test_pseudonymize.py", EXAMPLES),
    "anonymize/transforms/masking/redact.py": (
        f"{STEPS}/test_masking.py",
        "tests/matrix/test_privacy.py",
        EXAMPLES,
    ),
    "anonymize/transforms/substitution/encrypt_deterministic.py": (f"{STEPS}/test_encrypt.py", EXAMPLES),
    "anonymize/kernels/segments.py": ("tests/kernels/test_segments.py",),
    "anonymize/planning/leftovers.py": ("tests/spine/test_residual.py",),
    "anonymize/codecs/csv/sink.py": ("tests/formats/test_csv.py", "tests/matrix/test_csv.py"),
    "anonymize/codecs/json/splice.py": ("tests/formats/test_jsonl_editing.py", "tests/matrix/test_jsonl.py"),
    "anonymize/codecs/json/edit.py": ("tests/formats/test_jsonl_editing.py", "tests/matrix/test_jsonl.py"),
    "anonymize/codecs/parquet/writer.py": (
        "tests/formats/test_parquet_writing.py",
        "tests/formats/test_parquet_changes.py",
    ),
    "anonymize/codecs/csv/blocks.py": ("tests/formats/test_csv.py", "tests/matrix/test_csv.py"),
    "anonymize/codecs/streams/beside.py": ("tests/matrix/test_writing.py",),
    "anonymize/rulefile/matching.py": ("tests/spine/test_matching.py", "tests/spine/test_planning.py"),
    "anonymize/planning/planner.py": (
        "tests/spine/test_planning.py",
        "tests/matrix/test_privacy.py",
        "tests/spine/test_pipeline.py",
        "tests/faults/test_late_columns.py",
    ),
    "anonymize/running/applier.py": (
        "tests/spine/test_pipeline.py",
        "tests/faults/test_late_columns.py",
        "tests/engines/test_agree.py",
        "tests/faults/test_bad_input.py",
        "tests/cli/test_restore_formats.py",
    ),
    "anonymize/pipeline.py": (
        "tests/spine/test_pipeline.py",
        "tests/matrix/test_writing.py",
        "tests/engines/test_agree.py",
        "tests/reporting/test_run_page.py",
    ),
    "anonymize/running/output.py": (
        "tests/faults/test_output.py",
        "tests/matrix/test_writing.py",
        "tests/spine/test_pipeline.py",
    ),
}
"""Module to test files; modules that are left out have not been tried."""

EXPLAINED: dict[str, dict[str, str]] = {}
"""Module to fault to the reason why no test can notice it."""
