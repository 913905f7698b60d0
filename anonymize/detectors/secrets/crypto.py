"""Cryptocurrency addresses."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.wallets import base58_check, bech32_check

_BASE58 = "[1-9A-HJ-NP-Za-km-z]"


class Crypto(Detector):
    """Addresses of Bitcoin, Litecoin, Dogecoin, Tron (Base58Check, Bech32) and Ethereum (shape only)."""

    use: Literal["crypto"] = "crypto"

    entity = "CRYPTO"
    family = "text"
    patterns = (
        Pattern(
            f"[13LMDTmn2]{_BASE58}{{25,34}}", words=True, trigger=rf"\b[13LMDTmn2]{_BASE58}{{25,34}}\b", bare=0.95
        ),
        Pattern(
            "(?:bc|tb|ltc)1[02-9ac-hj-np-z]{11,87}|(?:BC|TB|LTC)1[02-9AC-HJ-NP-Z]{11,87}",
            words=True,
            trigger="(?i:bc|tb|ltc)1",
            bare=0.95,
        ),
        Pattern("0x[0-9a-fA-F]{40}", words=True, trigger="0x[0-9a-fA-F]{40}", bare=0.7),
    )
    standard = "BIP-13, BIP-173, BIP-350; EIP-55"
    laws = ("GDPR Art. 4(1)", "HIPAA 164.514(b)(2)(i)(J)")
    chance = 0.001
    contexts = words(
        en="wallet, bitcoin, btc, ethereum, eth, crypto, litecoin, tron, address", zh="钱包, 比特币, 以太坊"
    )
    against = words(en="commit, hash, sha, transaction hash, txid")
    headers = words(
        en="wallet, wallet address, btc address, bitcoin address, crypto address, eth address, crypto",
        zh="钱包地址",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        encoded = candidates.dictionary_encode()
        known = np.fromiter((_is_address(text) for text in encoded.dictionary.to_pylist()), np.bool_)
        return known[np.asarray(encoded.indices)] if len(candidates) else np.zeros(0, np.bool_)


def _is_address(text: str) -> bool:
    if text.startswith("0x"):
        return len(set(text[2:].lower())) > 3  # not 0x000…
    if text[:4].lower().startswith(("bc1", "tb1", "ltc1")):
        return bech32_check(text)
    return base58_check(text)


EXAMPLES = [
    Example(Crypto(), "send to 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 now", ["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"]),
    Example(
        Crypto(),
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4, 钱包0x52908400098527886E0F7030069857D2E4169EE7",
        ["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "0x52908400098527886E0F7030069857D2E4169EE7"],
    ),
    Example(Crypto(), "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3 bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", []),
    Example(Crypto(), "commit 3f786850e387550fdab836ed7e6dc881de23001b", []),
]
