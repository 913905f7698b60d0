"""Which tests should notice a fault in which module, and survivors that cannot be noticed."""

EXAMPLES = "tests/components/test_examples.py"
LAWS = "tests/components/test_laws.py"
STEPS = "tests/components/transforms"
CRYPTO = "tests/kernels/crypto"
ENCRYPTED = (f"{STEPS}/test_encrypt.py", EXAMPLES)
PRESERVED = (f"{STEPS}/test_encrypt_preserving_format.py",)

TARGETS = {
    "anonymize/kernels/text/masking.py": (f"{STEPS}/test_masking.py",),
    "anonymize/kernels/numbers/intervals.py": ("tests/kernels/test_numbers.py", f"{STEPS}/test_generalization.py"),
    "anonymize/kernels/crypto/ff1.py": ("tests/kernels/crypto/test_ff1.py",),
    "anonymize/kernels/crypto/tokens.py": ("tests/kernels/test_tokens.py", f"{STEPS}/test_pseudonymize.py"),
    "anonymize/kernels/crypto/aes.py": ("tests/kernels/test_aes.py",),
    "anonymize/kernels/crypto/alphabets.py": PRESERVED,
    "anonymize/kernels/crypto/ciphertexts.py": (f"{STEPS}/test_encrypt.py",),
    "anonymize/kernels/crypto/envelope.py": (f"{CRYPTO}/test_envelope.py",),
    "anonymize/kernels/crypto/format_preserving.py": PRESERVED,
    "anonymize/kernels/crypto/gcm.py": (f"{CRYPTO}/test_gcm.py",),
    "anonymize/kernels/crypto/generations.py": ("tests/kernels/test_generations.py", "tests/spine/test_keys.py"),
    "anonymize/kernels/crypto/passphrase.py": ("tests/kernels/test_generations.py",),
    "anonymize/kernels/crypto/randomness.py": ("tests/kernels/test_randomness.py",),
    "anonymize/kernels/crypto/resident_numbers.py": PRESERVED,
    "anonymize/kernels/crypto/sealed.py": (f"{CRYPTO}/test_sealed.py",),
    "anonymize/kernels/crypto/secrets.py": ("tests/components/test_keystores.py", "tests/spine/test_keys.py"),
    "anonymize/kernels/crypto/siv.py": (f"{CRYPTO}/test_siv.py",),
    "anonymize/kernels/crypto/spellings.py": (f"{CRYPTO}/test_spellings.py",),
    "anonymize/kernels/text/characters.py": ("tests/kernels/test_text.py", f"{STEPS}/test_masking.py"),
    "anonymize/kernels/text/mail_patterns.py": ("tests/kernels/test_mail_patterns.py",),
    "anonymize/kernels/text/patterns.py": (
        "tests/kernels/test_mail_patterns.py",
        "tests/matrix/test_privacy.py",
        f"{STEPS}/test_masking.py",
    ),
    "anonymize/kernels/detection/redacting.py": (f"{STEPS}/test_redact_text.py",),
    "anonymize/kernels/detection/known.py": (
        "tests/kernels/detection/test_known.py",
        f"{STEPS}/test_redact_text.py",
    ),
    "anonymize/transforms/masking/redact_text.py": (f"{STEPS}/test_redact_text.py", EXAMPLES),
    "anonymize/transforms/masking/redact_matches.py": (f"{STEPS}/test_masking.py", EXAMPLES),
    "anonymize/transforms/substitution/encrypt.py": ENCRYPTED,
    "anonymize/transforms/substitution/encrypt_preserving_format.py": (*PRESERVED, EXAMPLES),
    "anonymize/planning/claims.py": ("tests/spine/test_claims.py",),
    "anonymize/formats/csv.py": ("tests/matrix/test_csv.py", "tests/formats/test_csv.py"),
    "anonymize/formats/jsonl.py": (
        "tests/matrix/test_jsonl.py",
        "tests/formats/test_jsonl_refusing.py",
        "tests/formats/test_jsonl_to_tables.py",
    ),
    "anonymize/formats/parquet.py": (
        "tests/formats/test_parquet_writing.py",
        "tests/formats/test_parquet_changes.py",
        "tests/formats/test_parquet_encryption.py",
    ),
    "anonymize/formats/arrow.py": ("tests/formats/test_arrow.py",),
    "anonymize/codecs/tables/ipc_output.py": ("tests/formats/test_arrow.py",),
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
