"""Which tests should notice a fault in which module, and survivors that cannot be noticed."""

from collections.abc import Sequence

from tests.mutation.mutants import Mutant

EXAMPLES = "tests/components/test_examples.py"
CLAIMS = "tests/spine/test_claims.py"
LAWS = "tests/components/test_laws.py"
STEPS = "tests/components/transforms"
CRYPTO = "tests/kernels/crypto"
ENCRYPTED = (f"{STEPS}/test_encrypt.py", CLAIMS, EXAMPLES)
PRESERVED = (f"{STEPS}/test_encrypt_preserving_format.py",)

TARGETS = {
    "anonymize/kernels/text/masking.py": ("tests/kernels/test_text.py", f"{STEPS}/test_masking.py"),
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
    "anonymize/kernels/text/characters.py": ("tests/kernels/test_text.py", f"{STEPS}/test_masking.py", CLAIMS),
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
    "anonymize/transforms/masking/redact_text.py": (f"{STEPS}/test_redact_text.py", CLAIMS, EXAMPLES),
    "anonymize/transforms/masking/redact_matches.py": (f"{STEPS}/test_masking.py", CLAIMS, EXAMPLES),
    "anonymize/transforms/substitution/encrypt.py": ENCRYPTED,
    "anonymize/transforms/substitution/encrypt_preserving_format.py": (*PRESERVED, CLAIMS, EXAMPLES),
    "anonymize/planning/claims.py": (CLAIMS,),
    "anonymize/formats/csv.py": ("tests/matrix/test_csv.py", "tests/formats/test_csv.py"),
    "anonymize/formats/jsonl.py": (
        "tests/matrix/test_jsonl.py",
        "tests/formats/test_jsonl_refusing.py",
        "tests/formats/test_jsonl_to_tables.py",
        "tests/components/test_formats.py",
        "tests/faults/test_late_columns.py",
    ),
    "anonymize/formats/parquet.py": (
        "tests/formats/test_parquet_writing.py",
        "tests/formats/test_parquet_changes.py",
        "tests/formats/test_parquet_encryption.py",
        "tests/cli/test_restore_formats.py",
    ),
    "anonymize/formats/arrow.py": ("tests/formats/test_arrow.py", "tests/cli/test_restore_formats.py"),
    "anonymize/codecs/tables/ipc_output.py": ("tests/formats/test_arrow.py",),
    "anonymize/transforms/masking/escape_formulas.py": ("tests/matrix/test_csv.py", EXAMPLES),
    "anonymize/transforms/masking/mask.py": (f"{STEPS}/test_masking.py", EXAMPLES),
    "anonymize/transforms/substitution/pseudonymize.py": (f"{STEPS}/test_pseudonymize.py", EXAMPLES),
    "anonymize/transforms/masking/redact.py": (
        f"{STEPS}/test_masking.py",
        "tests/matrix/test_privacy.py",
        "tests/matrix/test_jsonl.py",
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

SAID = "every caller says it"
ROOM = "it needs a block of 2 GiB"
SLOWER = "the slower of two ways to the same bytes"
PAIRS = "both have one element for each value"
SIZE = "how much is done at once changes no result"
REST = "numpy takes any negative length for the rest"
EXPLAINED: dict[str, dict[tuple[str, str], str]] = {
    "anonymize/kernels/crypto/aes.py": {
        (
            "self._cipher.encryptor().update_into(plain.view(np.uint8).reshape(-1).data, out.data)",
            "1 to 2",
        ): REST,
        ("return masks.view(_WINDOW).reshape(-1), (padding ^ subkeys).view(_WINDOW).reshape(-1)", "1 to 2"): REST,
    },
    "anonymize/kernels/crypto/format_preserving.py": {("keep_last: int = 0", "0 to 1"): SAID},
    "anonymize/kernels/crypto/passphrase.py": {("is_power = n & (n - 1) == 0", "1 to 2"): "the same numbers pass"},
    "anonymize/kernels/crypto/resident_numbers.py": {
        (
            "good &= (_CODES[place] == province) & (month >= 1) & (month <= 12) & (day >= 1)",
            "12 to 13",
        ): "a day of a thirteenth month is none of that month",
    },
    "anonymize/kernels/crypto/ciphertexts.py": {
        (
            "if found.null_count > tokens.null_count:",
            "found.null_count > tokens.null_count: Gt to GtE",
        ): "what is whole stays so when older keys are tried",
    },
    "anonymize/kernels/crypto/ff1.py": {
        ("words = [np.zeros(len(places[0]), np.uint64) for _ in range(count)]", "0 to 1"): PAIRS,
    },
    "anonymize/kernels/crypto/gcm.py": {
        (
            "for value, nonce in zip(values.cast(pa.binary()).to_pylist(), nonces, strict=True)",
            "True to False",
        ): PAIRS,
    },
    "anonymize/kernels/crypto/randomness.py": {
        ("_SLICE = 1 << 15  # blocks at once: what stays in the processor's cache", "15 to 16"): SIZE,
    },
    "anonymize/kernels/crypto/sealed.py": {
        (
            "if path.stat().st_size > LARGEST:",
            "path.stat().st_size > LARGEST: Gt to GtE",
        ): "a file of the greatest size is no key either",
    },
    "anonymize/kernels/crypto/siv.py": {
        (
            "for start in range(0, max(len(sealed), 1), _SLICE)",
            "1 to 2",
        ): "an empty column is one slice",
    },
    "anonymize/kernels/crypto/spellings.py": {
        ("characters = data.astype(np.uint64).reshape(-1, _GROUP_32)", "1 to 2"): REST,
    },
    "anonymize/kernels/text/masking.py": {
        ("bounds[0], bounds[1:-1], bounds[-1] = 0, self.bounds.reshape(-1), len(data)", "1 to 2"): REST,
    },
    "anonymize/kernels/detection/redacting.py": {
        ("return meant", "return meant: nothing"): "nobody asks where nothing was found",
    },
    "anonymize/kernels/text/patterns.py": {("if stops[-1] > np.iinfo(np.int32).max:", "1 to 2"): ROOM},
    "anonymize/transforms/substitution/encrypt.py": {
        ("return self", "return self: nothing"): "pydantic ignores what a validator of an instance returns",
    },
    "anonymize/formats/csv.py": {("SAMPLE = 1 << 20", "1 to 2"): SIZE},
    "anonymize/formats/jsonl.py": {
        ('def source(self, file: File, *, tolerant: bool = False) -> "JsonlSource":', "False to True"): SAID,
    },
    "anonymize/formats/arrow.py": {
        ('def source(self, file: File, *, tolerant: bool = False) -> "ArrowSource":', "False to True"): SAID,
    },
    "anonymize/codecs/tables/ipc_output.py": {
        (
            "compression=given.compression if given else None, use_threads=False, emit_dictionary_deltas=True",
            "False to True",
        ): SIZE,
        (
            "if values.type.ordered and (to_numpy(places)[1:] < to_numpy(places)[:-1]).any():",
            "to_numpy(places)[1:] < to_numpy(places)[:-1]: Lt to LtE",
        ): "the values of a dictionary stand in different places",
        ("for column, root in zip(batch.columns, self._roots, strict=True)", "True to False"): PAIRS,
    },
    "anonymize/codecs/json/splice.py": {
        ("LARGEST = (1 << 31) - 1", "(1 << 31) - 1: Sub to Add"): ROOM,
        ("LARGEST = (1 << 31) - 1", "31 to 32"): ROOM,
        ("return found if disjoint else None", "if disjoint: turned round"): SLOWER,
        (
            "if (merged[1:, 0] < merged[:-1, 0]).any():",
            "merged[1:, 0] < merged[:-1, 0]: Lt to LtE",
        ): "what is in order stays so when it is sorted",
    },
    "anonymize/codecs/json/edit.py": {
        (
            "if inside is text and _is_plain(found, quotes, old, text):",
            "inside is text: Is to IsNot",
        ): SLOWER,
    },
    "anonymize/codecs/streams/beside.py": {
        ('with path.open("rb", buffering=0) as file:', "0 to 1"): "nothing is read",
    },
}
"""Module to (line of code, fault) to the reason why no test can notice it."""


def reason(mutant: Mutant, lines: Sequence[str]) -> str | None:
    """Why no test can notice a fault in the module of these lines, if that is known."""
    return EXPLAINED.get(mutant.module, {}).get((lines[mutant.line - 1].strip(), mutant.change))
