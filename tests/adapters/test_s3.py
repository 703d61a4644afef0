"""Behaviour of the S3 adapter beyond the contract: bad settings, links, and the health check."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from uuid import uuid4

import httpx
import obstore
import pytest

from adapters.s3.blobs import S3BlobStore
from adapters.s3.bucket import CONCURRENT, Bucket, BucketAddress
from adapters.s3.health import S3Probe
from domain.blobs import BlobKey, BlobMissing, StorageUnavailable
from tests.e2e.program import free_port
from tests.sample_images import a_jpeg
from tests.seaweedfs import BUCKET, CREDENTIALS, SeaweedFs

TIMEOUT = 30
"""Seconds after which a test that waits gives up."""
REFUSAL = """<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>{code}</Code><Message>Amazon's words</Message><BucketName>images</BucketName></Error>"""


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def address(object_store: SeaweedFs) -> BucketAddress:
    return BucketAddress(BUCKET, object_store.endpoint, prefix=uuid4().hex)


@contextmanager
def refusing_server(status: int, code: str) -> Iterator[str]:
    """The address of a server that answers every request as Amazon does for this reason."""
    content = REFUSAL.format(code=code).encode()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_DELETE = answer  # noqa: N815 — the names that http.server calls

        def log_message(self, *_arguments: object) -> None:
            """Suppresses the request log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def assert_refused(bucket: Bucket, *parts: str) -> None:
    """Every call and the health check fail with these words for the operator, and without them for clients."""
    blobs = S3BlobStore(bucket)
    key = BlobKey.of(b"light")
    for call in (lambda: blobs.put(b"light"), lambda: blobs.get(key), lambda: anext(aiter(blobs.keys()))):
        with pytest.raises(StorageUnavailable) as refused:
            await call()
        assert all(part in refused.value.operator_message for part in parts), refused.value.operator_message
        assert refused.value.retry_after >= 1
        assert bucket.address.bucket not in refused.value.detail
    health = await S3Probe(bucket).check()
    assert not health.ok
    assert all(part in health.detail for part in parts), health.detail
    assert CREDENTIALS["AWS_SECRET_ACCESS_KEY"] not in health.detail


async def test_wrong_secret_is_reported(address: BucketAddress, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    await assert_refused(Bucket(address, retries=0), "AWS_SECRET_ACCESS_KEY")


@pytest.mark.parametrize(
    ("status", "code", "part"),
    [
        (404, "NoSuchBucket", "TINTYPE_S3_BUCKET"),
        (400, "AuthorizationHeaderMalformed", "TINTYPE_S3_REGION"),
        (301, "PermanentRedirect", "TINTYPE_S3_REGION"),
        (403, "AccessDenied", "AWS_ACCESS_KEY_ID"),
        (403, "RequestTimeTooSkewed", "clock"),
        (507, "InsufficientStorage", "InsufficientStorage"),
    ],
)
async def test_refusal_of_server_is_explained(status: int, code: str, part: str) -> None:
    with refusing_server(status, code) as endpoint:
        await assert_refused(Bucket(BucketAddress(BUCKET, endpoint), retries=0), part)


async def test_unreachable_endpoint_is_reported() -> None:
    address = BucketAddress(BUCKET, f"http://127.0.0.1:{free_port()}")
    await assert_refused(Bucket(address, retries=0), "TINTYPE_S3_ENDPOINT", address.endpoint)


async def test_working_bucket_is_healthy_and_left_empty(address: BucketAddress) -> None:
    bucket = Bucket(address, retries=0)

    health = await S3Probe(bucket).check()

    assert (health.ok, health.detail) == (True, str(address))
    async with bucket.request() as store:
        assert await obstore.list(store).collect_async() == []


async def test_foreign_objects_are_not_listed(address: BucketAddress) -> None:
    bucket = Bucket(address)
    key = await S3BlobStore(bucket).put(b"light")
    async with bucket.request() as store:
        for path in ("readme.txt", f"00/00/{key}", f"{key}", f"{key.value[:2]}/{key.value[2:4]}/{key}.bak"):
            await obstore.put_async(store, path, b"foreign")

    assert [found async for found in S3BlobStore(bucket).keys()] == [key]


async def test_truncated_blob_is_replaced_by_next_upload(address: BucketAddress) -> None:
    bucket = Bucket(address)
    blobs = S3BlobStore(bucket)
    key = await blobs.put(b"light")
    async with bucket.request() as store:
        await obstore.put_async(store, f"{key.value[:2]}/{key.value[2:4]}/{key}", b"li")

    await blobs.put(b"light")

    assert await blobs.get(key) == b"light"


async def test_more_requests_than_slots_all_succeed(address: BucketAddress) -> None:
    blobs = S3BlobStore(Bucket(address))
    contents = [str(number).encode() for number in range(3 * CONCURRENT)]

    keys = await asyncio.gather(*map(blobs.put, contents))

    assert [await blobs.get(key) for key in keys] == contents


async def test_link_serves_image_with_its_type_until_it_expires(address: BucketAddress) -> None:
    blobs = S3BlobStore(Bucket(address), links=True)
    key = await blobs.put(a_jpeg())

    link = await blobs.link(key, timedelta(seconds=2))

    assert link is not None
    async with httpx.AsyncClient(timeout=TIMEOUT) as client:
        first = await client.get(link)
        assert (first.status_code, first.content) == (200, a_jpeg())
        assert first.headers["content-type"] == "image/jpeg"
        assert (await client.get(link.partition("?")[0])).status_code == httpx.codes.FORBIDDEN
        deadline = time.monotonic() + TIMEOUT
        while (await client.get(link)).status_code != httpx.codes.FORBIDDEN:
            assert time.monotonic() < deadline, "the link does not expire"
            await asyncio.sleep(0.2)


async def test_missing_blob_of_existing_bucket_is_not_an_outage(address: BucketAddress) -> None:
    with pytest.raises(BlobMissing):
        await S3BlobStore(Bucket(address)).open(BlobKey.of(b"never"))
