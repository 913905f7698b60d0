"""duckdb: one SQL statement; HMAC-SHA256 (RFC 2104) spelled with its sha256."""

import duckdb

from benchmarks.peers.job import COLUMNS, EMAIL, KEY, paths

PADDED = KEY.ljust(64, b"\0")
INNER, OUTER = (bytes(byte ^ pad for byte in PADDED).hex() for pad in (0x36, 0x5C))


def token(column: str) -> str:
    inner = f"sha256(unhex('{INNER}') || encode({column}))"
    return f"left(sha256(unhex('{OUTER}') || unhex({inner})), 32) AS {column}"


TEXTS = dict.fromkeys(COLUMNS, "VARCHAR")
READ = {
    ".csv": "read_csv('{}', all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"')",
    ".jsonl": "read_json('{}', format = 'newline_delimited', columns = {})",
    ".parquet": "read_parquet('{}')",
}
WRITE = {".csv": "FORMAT csv, HEADER", ".jsonl": "FORMAT json", ".parquet": "FORMAT parquet, COMPRESSION zstd"}
LOW = "(floor(salary::DOUBLE / 10000) * 10000)::BIGINT"

source, target = paths()
duckdb.sql(f"""
    COPY (
        SELECT
            {token("id")},
            first_name,
            last_name,
            regexp_replace(email, '^(.)[^@]*', '\\1***') AS email,
            repeat('*', length(phone) - 4) || right(phone, 4) AS phone,
            {token("ssn")},
            credit_card,
            left(birth_date, 4) AS birth_date,
            left(zip, 3) AS zip,
            city,
            '[' || {LOW} || ', ' || ({LOW} + 10000) || ')' AS salary,
            regexp_replace(ip, '[0-9]+$', '0') AS ip,
            regexp_replace(notes, '{EMAIL}', '[EMAIL]', 'g') AS notes
        FROM {READ[source.suffix].format(source, TEXTS)}
    ) TO '{target}' ({WRITE[target.suffix]})
""")
