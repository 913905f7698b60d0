"""Keys from Vault and AWS KMS, and from files that a passphrase opens: over real protocols, on this machine."""

import base64
import json
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from anonymize.core.errors import SecretError
from anonymize.core.keystore import key_store
from anonymize.kernels.crypto.generations import Generation, read_generations
from anonymize.kernels.crypto.hidden import Master, Secret
from anonymize.kernels.crypto.passphrase import Cost, wrap
from anonymize.keystores.aws_kms import AwsKms
from anonymize.keystores.passphrase import Passphrase
from anonymize.keystores.vault import Vault

KEY = sha256(b"only for these tests, too").digest()
HEX = KEY.hex()
TOKEN = "hvs.canary-token-that-must-not-show"
CANARY = "canary-value-that-must-not-show"


def told_by(function: Callable[[], Any]) -> str:
    """The error with its whole traceback, which holds no key, token or answer."""
    with pytest.raises(SecretError) as caught:
        function()
    told = str(caught.value) + "".join(traceback.format_exception(caught.value, chain=True))
    for secret in (HEX, TOKEN, CANARY):
        assert secret not in told.replace("CANARY", "")
    return str(caught.value)


class Server(BaseHTTPRequestHandler):
    """Answers as Vault does to `GET /v1/MOUNT/data/PATH` of the key-value engine, version 2."""

    secrets: ClassVar[dict[str, Any]] = {
        "/v1/secret/data/clinic": {"key": HEX, "other": "x"},
        "/v1/team%20a/data/deep/er": {"master": HEX},
        "/v1/secret/data/number": {"key": 12},
    }
    asked: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers)))
        if self.path == "/v1/secret/data/elsewhere":
            return self._answer(307, {}, location="http://127.0.0.1:1/stolen")
        if self.path == "/v1/secret/data/garbled":
            return self._answer(200, CANARY)
        if self.headers["X-Vault-Token"] != TOKEN:
            return self._answer(403, {"errors": [CANARY, "permission denied"]})
        if self.path not in self.secrets:
            return self._answer(404, {"errors": []})
        data = {"data": self.secrets[self.path], "metadata": {"version": 3, "destroyed": False}}
        return self._answer(200, {"request_id": "1", "lease_id": "", "renewable": False, "data": data})

    def _answer(self, status: int, document: Any, location: str | None = None) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server on a free port of this machine, and the variables that lead there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    for name in ("VAULT_NAMESPACE", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAULT_ADDR", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("VAULT_TOKEN", TOKEN)
    Server.asked.clear()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def test_vault(vault: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The field of the secret at the path, by default `key`; the namespace goes along."""
    assert HEX.encode() == key_store("vault:secret/clinic").read()
    monkeypatch.setenv("VAULT_NAMESPACE", "team")
    assert HEX.encode() == Vault(reference="team a/deep/er#master").read()
    assert ["/v1/secret/data/clinic", "/v1/team%20a/data/deep/er"] == [path for path, _ in Server.asked]
    assert [None, "team"] == [headers.get("X-Vault-Namespace") for _, headers in Server.asked]


def test_what_vault_refuses(vault: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each refusal has its reason; neither token nor answer shows, and no redirection is followed."""
    assert "no such secret" in told_by(Vault(reference="secret/nothing").read)
    assert "has no field 'nothing'" in told_by(Vault(reference="secret/clinic#nothing").read)
    assert "has no field 'key'" in told_by(Vault(reference="secret/number").read)
    assert "no secret of a key-value engine" in told_by(Vault(reference="secret/garbled").read)
    assert "status 307" in told_by(Vault(reference="secret/elsewhere").read)
    monkeypatch.setenv("VAULT_TOKEN", CANARY)
    assert "refuses the token" in told_by(Vault(reference="secret/clinic").read)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("VAULT_ADDR", "", "VAULT_ADDR is not set"),
        ("VAULT_ADDR", "vault.example:8200", "VAULT_ADDR is not set"),
        ("VAULT_ADDR", f"https://user:{CANARY}@vault.example", "VAULT_ADDR is not set"),
        ("VAULT_ADDR", "http://vault.example:8200", "use https"),
        ("VAULT_ADDR", "http://127.0.0.1:1", "cannot be reached"),
        ("VAULT_TOKEN", "", "VAULT_TOKEN is not set"),
        ("VAULT_TOKEN", f"{CANARY}\nX-Other: 1", "VAULT_TOKEN is not set"),
    ],
)
def test_vault_is_asked_only_when_all_is_in_order(
    vault: None, monkeypatch: pytest.MonkeyPatch, name: str, value: str, why: str
) -> None:
    """The token never leaves the machine without encryption."""
    monkeypatch.setenv(name, value)

    assert why in told_by(Vault(reference="secret/clinic").read)
    assert [] == Server.asked


@pytest.mark.parametrize("reference", ["secret", "/secret", "secret/", "secret/a#", "#a"])
def test_references_that_name_no_secret(reference: str) -> None:
    """Refused when the rules are read."""
    with pytest.raises(ValidationError):
        Vault(reference=reference)


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of a simulated KMS."""
    moto = pytest.importorskip("moto")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with moto.mock_aws():
        import boto3

        yield boto3.client("kms")


def test_kms(kms: Any, tmp_path: Path) -> None:
    """A data key, from a file as it is or in base64, or from the reference itself; or an encrypted key text."""
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    made = kms.generate_data_key(KeyId=key, KeySpec="AES_256")
    spelled = base64.b64encode(made["CiphertextBlob"]).decode()
    (tmp_path / "blob").write_bytes(made["CiphertextBlob"])
    (tmp_path / "text").write_text(spelled + "\n")
    (tmp_path / "wrapped").write_bytes(kms.encrypt(KeyId=key, Plaintext=HEX)["CiphertextBlob"])

    for reference in (f"aws-kms:{tmp_path}/blob", f"aws-kms:{tmp_path}/text", f"aws-kms:{spelled}"):
        assert made["Plaintext"].hex().encode() == key_store(reference).read()
    assert HEX.encode() == key_store(f"aws-kms:{tmp_path}/wrapped").read()


def test_what_kms_refuses(kms: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code of the refusal, never its text."""
    (tmp_path / "blob").write_bytes(b"x" * 60)
    (tmp_path / "large").write_bytes(b"\0" * 7000)
    (tmp_path / "empty").write_bytes(b"")

    assert "(InvalidCiphertextException)" in told_by(AwsKms(reference=f"{tmp_path}/blob").read)
    for name in ("large", "empty", "missing"):
        assert "nor a ciphertext" in told_by(AwsKms(reference=f"{tmp_path}/{name}").read)
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    assert "the region" in told_by(AwsKms(reference=f"{tmp_path}/blob").read)
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert "pip install anonymize[aws]" in told_by(AwsKms(reference=f"{tmp_path}/blob").read)


def key_file(folder: Path) -> Path:
    path = folder / "clinic.key"
    cost = Cost(n=1 << 14)
    path.write_text(wrap([Generation(1, Master(KEY), "2026-01-31")], Secret(b"a passphrase of these tests"), cost))
    path.chmod(0o600)
    return path


def test_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """File and passphrase together give the key."""
    monkeypatch.setenv("PASSPHRASE_OF_THIS_TEST", "a passphrase of these tests\n")
    reference = f"passphrase:env:PASSPHRASE_OF_THIS_TEST,{key_file(tmp_path)}"

    (found,) = read_generations(key_store(reference).read())
    assert (KEY, "2026-01-31") == (found.key, found.made)


def test_what_a_passphrase_does_not_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong or missing passphrase, a file that is open to others, or one that is not wrapped."""
    path = key_file(tmp_path)
    store = Passphrase(reference=f"env:PASSPHRASE_OF_THIS_TEST,{path}")

    monkeypatch.delenv("PASSPHRASE_OF_THIS_TEST", raising=False)
    assert "is not set" in told_by(store.read)
    monkeypatch.setenv("PASSPHRASE_OF_THIS_TEST", CANARY)
    assert "does not open" in told_by(store.read)
    with pytest.raises(SecretError, match="wrapped with a passphrase"):
        read_generations(path.read_bytes())
    path.chmod(0o640)
    assert "chmod 600" in told_by(store.read)
    path.chmod(0o600)
    path.write_text(HEX)
    assert "does not say" in told_by(store.read)


@pytest.mark.parametrize(
    "reference", ["passphrase:", "passphrase:env:A", "passphrase:env:A,", "passphrase:,f", "passphrase:a,f",
                  "passphrase:passphrase:env:A,f,g", f"passphrase:{HEX},f"]
)  # fmt: skip
def test_references_without_passphrase_or_file(reference: str) -> None:
    """Refused when the rules are read, with the form to write."""
    with pytest.raises(PydanticCustomError) as caught:
        key_store(reference)
    assert "passphrase" in caught.value.message() or "reference" in caught.value.message()
    assert HEX not in caught.value.message()
