"""The web is read, and nothing else is asked of any network."""

import datetime
import http.server
import ipaddress
import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from anonymize.cli import obey

CSV = b"id,name\n1,Ada\n"
RULES = 'version: 1\ndataset: cases\ncolumns: {name: mask, "*": keep}\n'


@pytest.fixture
def certificate(tmp_path) -> Path:
    """Of 127.0.0.1, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return path


class _Site(http.server.BaseHTTPRequestHandler):
    """One file, for those who have the signed link."""

    def do_GET(self) -> None:
        self.answer(self.path == "/people.csv?token=opensesame")

    def do_HEAD(self) -> None:
        self.answer(self.path == "/people.csv?token=opensesame")

    def answer(self, is_known: bool) -> None:
        self.send_response(200 if is_known else 404)
        self.send_header("Content-Length", str(len(CSV) if is_known else 0))
        self.end_headers()
        if is_known and self.command == "GET":
            self.wfile.write(CSV)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(certificate):
    """Where the file is."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}/people.csv"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def rules(tmp_path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    return path


def test_a_signed_link_is_read_and_not_shown(site, certificate, rules, anonymize, tmp_path):
    """The file arrives; the token stands in no answer, summary or report."""
    safe, report = tmp_path / "safe.csv", tmp_path / "report.json"
    arguments = ["run", f"{site}?token=opensesame", "-r", str(rules), "-o", str(safe), "--report", str(report)]
    done = anonymize(*arguments, SSL_CERT_FILE=str(certificate))
    assert 0 == done.returncode, done.stderr
    assert b"id,name\n1,***\n" == safe.read_bytes()
    assert f"{site}?…" in report.read_text()
    assert "opensesame" not in done.stdout + done.stderr + report.read_text()


def test_a_link_that_is_wrong(site, certificate, rules, anonymize, tmp_path):
    """No file, no token in the message."""
    arguments = ["run", f"{site}?token=shibboleth", "-r", str(rules), "-o", str(tmp_path / "safe.csv")]
    done = anonymize(*arguments, SSL_CERT_FILE=str(certificate))
    assert (3, f"error: {site}?…: no such file\nhint: check the URL\n") == (done.returncode, done.stderr)


def test_the_web_is_not_written(site, rules, anonymize):
    """Refused before anything is read."""
    done = anonymize("run", "sample_data/visits.csv", "-r", str(rules), "-o", site)
    assert (2, True) == (done.returncode, "https:// can only be read" in done.stderr)


def test_an_unknown_certificate(site, rules, anonymize, tmp_path):
    """A server that nobody vouches for is not read."""
    done = anonymize("run", site, "-r", str(rules), "-o", str(tmp_path / "safe.csv"))
    assert (3, False) == (done.returncode, (tmp_path / "safe.csv").exists())


@pytest.mark.parametrize("command", ["run", "preview", "scan", "lint", "plan"])
def test_no_network_without_a_url(command, rules, monkeypatch, tmp_path, capsys):
    """Files here are read without a single connection or name look-up."""

    def refuse(*_, **__):
        raise AssertionError("the network is asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    given = tmp_path / "people.csv"
    given.write_bytes(CSV)
    arguments = {
        "run": [given, "-r", rules, "-o", tmp_path / "safe.csv"],
        "preview": [given, "-r", rules],
        "scan": [given],
        "lint": [rules, "--data", given],
        "plan": [rules, given],
    }
    assert 0 == obey([command, *map(str, arguments[command])])
