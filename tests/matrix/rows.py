"""What may go wrong, and what then happens: the rows that tests marked `matrix` prove."""

from typing import NamedTuple


class Row(NamedTuple):
    """A case of the matrix."""

    case: str
    outcome: str
    code: str
    """Exit codes, or a dash where no run ends."""


FAMILIES = {
    "C": "CSV",
    "P": "Parquet",
    "J": "JSON lines",
    "W": "Writing and processes",
    "S": "Privacy: fail closed",
}

ROWS = {
    "C1": Row("a row too short or too long", "stop with file, line, expected and found; `--rejects` sets it aside, private and counted", "3, 0"),
    "C2": Row("UTF-8 with a byte order mark", "the first name is clean; the mark stays", "0"),
    "C3": Row("UTF-16 or UTF-32 with a byte order mark", "read; the output has the same encoding and mark", "0"),
    "C4": Row("UTF-16 without a mark, NUL bytes at the start", "stop, suggest an `--encoding`", "3"),
    "C5": Row("an 8-bit or East Asian encoding that nobody named", "stop with a suggestion; named, it comes out in its own bytes", "3, 0"),
    "C6": Row("an invalid byte late in the file", "stop before the output appears", "3"),
    "C7": Row("NUL inside a cell", "data like any other, where the encoding is certain or named", "0, 3"),
    "C8": Row("line breaks, delimiters and doubled quotes inside quotes", "byte for byte", "0"),
    "C9": Row("an unclosed or stray quote, a backslash before a quote", "stop with the line in which the quote was opened", "3"),
    "C10": Row("names that are empty, equal, of several lines, or look alike", "stop: rules go by names", "3, 2"),
    "C11": Row("a header line that is data", "stop, suggest `--no-header`; the cells are not shown", "3"),
    "C12": Row("another delimiter than declared", "stop, suggest `--delimiter`", "3"),
    "C13": Row("CR alone, mixed line ends, no final newline, blank lines", "read; they come out as they were", "0"),
    "C14": Row("an empty file; a header alone", "stop; a header alone comes out", "3, 0"),
    "C15": Row("huge cells, 20,000 columns", "read up to `--max-cell`, in bounded memory; refused above", "0, 3"),
    "C16": Row("more data than memory", "streamed: the peak does not depend on the size", "0"),
    "C17": Row("mixed types, leading zeros, 30 digits, `NA`, `inf`", "text in, the same text out", "0"),
    "C18": Row("gzip and zstd: cut off, several members, a wrong suffix", "stop; all members are read; the bytes decide, not the suffix", "3, 0"),
    "C19": Row("lines before the header, comments, several tables", "stop; `--skip-rows` passes over them", "3, 0"),
    "C20": Row("cells that a spreadsheet runs as formulas", "made values never start like one; `escape_formulas` disarms kept ones", "0"),
    "P1": Row("structs, lists and maps", "rules by path; a rule on a parent covers its leaves; an uncovered leaf stops the run", "0, 3"),
    "P2": Row("dictionaries and categories", "rebuilt: no value that went is left in the bytes", "0"),
    "P3": Row("decimals, zones, INT96, large and view types, extension types", "kept exactly or refused by name, never cast in silence", "0, 3"),
    "P4": Row("cut off, damaged, mistaken for Parquet; no rows", "stop; a table without rows comes out", "3, 0"),
    "P5": Row("decompression bombs, 100,000 columns, deep schemas", "refused before memory is taken", "3"),
    "P6": Row("metadata, statistics, bloom filters, page indexes", "nothing in them tells what the rules changed", "0"),
    "P7": Row("an encrypted file without a key", "refused by name", "3, 5"),
    "P8": Row("files of one dataset that differ in their columns", "stop, with the names that differ", "3"),
    "J1": Row("broken lines, text after the object, a list or a number on top, blank lines", "stop with the line; `--rejects` sets it aside", "3, 0"),
    "J2": Row("NaN, Infinity, lone surrogates, control characters; a byte order mark", "refused; a mark is accepted", "3, 0"),
    "J3": Row("a key that stands twice", "refused, however it is spelled", "3"),
    "J4": Row("30 digits, 1.0 beside 1, -0", "byte for byte where no rule applies", "0"),
    "J5": Row("100,000 levels, 100,000 keys, a line of 1 GB", "refused or read in bounded memory, never a crash", "3, 0"),
    "J6": Row("a key that turns up in the last row", "needs a rule like any other, or stops the run", "3"),
    "J7": Row("a value of another kind than the rule expects, or than other rows have", "handled as its text, refused or made null; never passed", "3, 0"),
    "W1": Row("the n-th open, write, flush, fsync, close, chmod or rename fails", "the old output stays, no temporary file does; the error tells the place and the room left", "3"),
    "W2": Row("SIGINT or SIGTERM at any moment", "nothing is left; once the output has its name the run ends as if nothing had come", "130, 143, 0"),
    "W3": Row("kill -9 at any moment", "the old output or the new; leftovers are private and hold no raw value; the next run removes them", "-"),
    "W4": Row("standard output full or closed", "an error; quiet if the reader left", "3, 141"),
    "W5": Row("the output is an input, by whatever name", "refused before anything is read", "2"),
    "W16": Row("the output, the rejects or the report is the rule file or a key file", "refused before anything is read, `--overwrite` or not", "2"),
    "W17": Row("the output, or the rejects, would be found by the input folder or pattern", "refused before anything is read: the next run would take them for data", "2"),
    "W6": Row("the output exists, its folder does not or cannot be written", "refused before anything is read", "2, 3"),
    "W7": Row("the output is a symbolic link", "refused; temporary files never follow links", "2"),
    "W8": Row("of several files, one fails", "none appears", "3"),
    "W9": Row("two runs on one output", "the second stops", "3"),
    "W10": Row("a key file that is locked, damaged or of another key", "stop; key files are replaced whole", "5"),
    "W11": Row("a loose umask", "keys, rejects and temporary files are for their owner alone, and beside the output", "-"),
    "W12": Row("an upload to an object store breaks off", "the parts are taken back; nothing is to be seen there", "3"),
    "W13": Row("a limit on memory", "kept to, or an error", "0, 3"),
    "W14": Row("the input changes during the run", "stop", "3"),
    "W15": Row("another clock, locale, hash seed, thread count, block size", "the same output", "0"),
    "S1": Row("a column that no rule covers", "stop, with all such names", "3"),
    "S2": Row("a rule for a column that is not there", "stop, with the nearest name", "2, 3"),
    "S3": Row("a step fails or returns what it must not", "stop, or null, `[REDACTED]` or no row; never the original", "3, 0"),
    "S4": Row("every failure, in every command", "no value and no key in any stream, file or error", "-"),
    "S5": Row("preview", "shapes, not originals; writes nothing", "0"),
    "S6": Row("reports", "counts and names of columns, no values", "-"),
    "S7": Row("hashing without a key", "not to be had", "2"),
    "S8": Row("a key that is short, weak, or given in place of its reference", "refused, and not shown", "5, 2"),
    "S9": Row("one key for several columns and datasets", "other pseudonyms in each, unless the rules say `scope`", "-"),
    "S10": Row("deterministic encryption", "authenticated, bound to its column, and named as such in the plan", "-"),
    "S11": Row("format-preserving encryption of too small a domain", "refused", "2, 3"),
    "S12": Row("fakes", "drawn by the key, never by the value alone", "-"),
    "S13": Row("hostile YAML: bombs, depth, size, duplicate keys, tags", "refused with the line", "2"),
    "S14": Row("patterns that are malformed, endless or match everywhere", "refused; all others take linear time", "2"),
    "S15": Row("paths in rules that lead out of the rules' folder", "refused", "2"),
    "S16": Row("code named in a rule file", "never imported", "2"),
    "S17": Row("pickle, eval, shells, XML", "absent", "-"),
    "S18": Row("terminal escapes, bidirectional marks and markup in names", "spelled out", "-"),
    "S19": Row("reports in HTML from hostile names", "escaped, without scripts", "-"),
    "S20": Row("the network", "not touched unless a URL is named", "-"),
    "S21": Row("supply chain", "pinned by hash, few packages, a bill of materials", "-"),
    "S22": Row("a name that looks like one whose values are changed", "does not pass by a glob: stop", "2"),
}  # fmt: skip
