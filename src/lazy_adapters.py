"""Makes adapters whose modules are imported at the first use. Their libraries take up to a second to load, which a
process that does not use them saves; the inference service works without a database driver."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from adapters.decoding.pool import DecodingPool
    from adapters.download.downloader import HttpModelDownloader
    from adapters.hma.screening import HmaScreening
    from adapters.inference.classifier import HttpImageClassifier
    from adapters.memory.database_dumps import MemoryDatabaseDumps
    from adapters.memory.storage import MemoryStorage
    from adapters.oidc.provider import OidcIdentityProvider
    from adapters.opentelemetry.tracing import OpenTelemetryTracing
    from adapters.postgres.client_programs import FindProgram
    from adapters.postgres.database import Database
    from adapters.postgres.database_dumps import PostgresDatabaseDumps
    from adapters.postgres.migrations import PostgresMigrations
    from adapters.postgres.storage import PostgresStorage
    from adapters.s3.backup_store import S3BackupStore
    from adapters.s3.blobs import S3BlobStore
    from adapters.s3.health import S3Probe
    from adapters.smtp.health import SmtpProbe
    from adapters.smtp.mailer import SmtpMailer
    from adapters.webauthn.passkeys import WebauthnPasskeyVerifier
    from domain.clock import Clock
    from domain.limits import Limits
    from domain.mail_server import MailServer
    from domain.tracing import Tracing


def make_memory_storage(clock: Clock) -> MemoryStorage:
    from adapters.memory.storage import MemoryStorage

    return MemoryStorage(clock=clock)


def make_memory_dumps(storage: MemoryStorage) -> MemoryDatabaseDumps:
    from adapters.memory.database_dumps import MemoryDatabaseDumps

    return MemoryDatabaseDumps(storage)


def make_database(url: str, direct_url: str, tracing: Tracing | None) -> Database:
    from adapters.postgres.database import Database

    return Database(url, direct_url=direct_url, tracing=tracing)


def make_migrations(database: Database) -> PostgresMigrations:
    from adapters.postgres.migrations import PostgresMigrations

    return PostgresMigrations(database)


def make_postgres_storage(database: Database) -> PostgresStorage:
    from adapters.postgres.storage import PostgresStorage

    return PostgresStorage(database)


def make_postgres_dumps(database: Database, find_program: FindProgram, scratch: Path) -> PostgresDatabaseDumps:
    from adapters.postgres.database_dumps import PostgresDatabaseDumps

    return PostgresDatabaseDumps(database, find_program, scratch)


def make_downloader() -> HttpModelDownloader:
    from adapters.download.downloader import HttpModelDownloader

    return HttpModelDownloader()


def make_http_classifier(
    urls: Sequence[str], limits: Limits, pool: DecodingPool, tracing: Tracing | None
) -> HttpImageClassifier:
    from adapters.inference.classifier import HttpImageClassifier

    return HttpImageClassifier(urls, limits, pool, tracing=tracing)


def make_hma_screening(url: str) -> HmaScreening:
    from adapters.hma.screening import HmaScreening

    return HmaScreening(url)


def make_s3_blobs(bucket: str, endpoint: str, region: str, links: bool) -> S3BlobStore:
    from adapters.s3.blobs import S3BlobStore
    from adapters.s3.bucket import Bucket, BucketAddress

    return S3BlobStore(Bucket(BucketAddress(bucket, endpoint, region)), links=links)


def make_s3_probe(bucket: str, endpoint: str, region: str) -> S3Probe:
    """Its bucket does not repeat requests, so that the reason of a failure is known in time."""
    from adapters.s3.bucket import Bucket, BucketAddress
    from adapters.s3.health import S3Probe

    return S3Probe(Bucket(BucketAddress(bucket, endpoint, region), retries=0))


def make_bucket_backups(bucket: str, prefix: str, endpoint: str, region: str) -> S3BackupStore:
    from adapters.s3.backup_store import S3BackupStore
    from adapters.s3.bucket import BucketAddress

    return S3BackupStore(BucketAddress(bucket, endpoint, region, prefix))


def make_smtp_mailer(server: MailServer, sender: str, site: str) -> SmtpMailer:
    from adapters.smtp.mailer import SmtpMailer

    return SmtpMailer(server, sender, site)


def make_smtp_probe(server: MailServer) -> SmtpProbe:
    from adapters.smtp.health import SmtpProbe

    return SmtpProbe(server)


def make_passkey_verifier() -> WebauthnPasskeyVerifier:
    from adapters.webauthn.passkeys import WebauthnPasskeyVerifier

    return WebauthnPasskeyVerifier()


def make_identity_provider(issuer: str, client_id: str, client_secret: str) -> OidcIdentityProvider:
    from adapters.oidc.provider import OidcIdentityProvider

    return OidcIdentityProvider(issuer, client_id, client_secret)


def make_tracing(service: str) -> OpenTelemetryTracing:
    from adapters.opentelemetry.tracing import OpenTelemetryTracing

    return OpenTelemetryTracing(service)
