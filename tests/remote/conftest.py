"""An object store on this machine, and the command line before it."""

import os
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.key import KEY

ROOT = Path(__file__).parents[2]
SECRET = "wJalrXUtnFEMIsecretsecretsecret"
BUCKET = "clinic"


@pytest.fixture(scope="package")
def server():
    """The address of an S3 server on loopback."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture(scope="package")
def settings(server) -> dict[str, str]:
    """What the environment says about the store."""
    return {
        "AWS_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": "AKIATESTTESTTEST",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@pytest.fixture
def store(server, monkeypatch, settings):
    """An empty bucket."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=server)
    client.create_bucket(Bucket=BUCKET)
    yield client
    for upload in client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", ()):
        client.abort_multipart_upload(Bucket=BUCKET, Key=upload["Key"], UploadId=upload["UploadId"])
    for entry in client.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
        client.delete_object(Bucket=BUCKET, Key=entry["Key"])
    client.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def anonymize(tmp_path, settings):
    """Runs the command line in a process of its own, with no file left behind in its temporary folder."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    def call(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, **settings, "ANONYMIZE_KEY": KEY, "TMPDIR": str(temporary), **more}
        done = subprocess.run(
            [sys.executable, "-m", "anonymize", *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert [] == list(temporary.iterdir())
        assert SECRET not in done.stdout + done.stderr
        return done

    return call


def keys_of(client) -> list[str]:
    return [entry["Key"] for entry in client.list_objects_v2(Bucket=BUCKET).get("Contents", ())]


def body(client, key: str) -> bytes:
    return client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
