"""Makes the bundled lists of invented names: `python anonymize/data/make_fakes.py`.

Run it only to publish new lists: every fake value changes with them, so raise `VERSION` first.
"""

import json
from pathlib import Path

from faker import VERSION as FAKER_VERSION

from anonymize.kernels.fakes.pools import VERSION, make

LOCALES = ("de_DE", "en_GB", "en_US", "es_ES", "fr_FR", "ja_JP", "zh_CN", "zh_TW")


def main() -> None:
    """Write a file for each bundled locale."""
    for locale in LOCALES:
        pools = [f"    {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in make(locale).items()]
        head = f'{{\n  "version": {VERSION},\n  "faker": "{FAKER_VERSION}",\n  "pools": {{\n'
        path = Path(__file__).parent / "fakes" / f"{locale}.json"
        path.write_text(head + ",\n".join(pools) + "\n  }\n}\n", "utf-8")


if __name__ == "__main__":
    main()
