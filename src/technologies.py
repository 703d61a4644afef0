"""The technologies: which adapter implements each port. Settings choose; no logic here."""

import random
from operator import attrgetter

from dependency_injector.providers import Callable, Configuration, Object, Provider, Selector, Singleton

from adapters.altcha.proof_of_work import AltchaProofOfWork
from adapters.argon2.passwords import Argon2PasswordHasher
from adapters.decoding.pool import DecodingPool
from adapters.embedded.programs import client_program
from adapters.embedded.server import EmbeddedPostgres, psql_command
from adapters.filesystem.backup_store import FilesystemBackupStore
from adapters.filesystem.blobs import FilesystemBlobStore
from adapters.filesystem.health import FilesystemProbe
from adapters.log.mailer import LogMailer
from adapters.memory.blobs import MemoryBlobStore
from adapters.memory.health import MemoryProbe
from adapters.memory.mailer import MemoryMailer
from adapters.memory.passkeys import MemoryPasskeyVerifier
from adapters.memory.passwords import MemoryPasswordHasher
from adapters.memory.processor import MemoryImageProcessor
from adapters.memory.proof_of_work import MemoryProofOfWork
from adapters.memory.provider import MemoryIdentityProvider
from adapters.memory.screening import MemoryScreening
from adapters.memory.sensitive_media_detector import MemorySensitiveMediaDetector
from adapters.memory.tracing import MemoryTracing
from adapters.opennsfw.detector import OpenNsfwSensitiveMediaDetector
from adapters.opennsfw.health import OpenNsfwProbe
from adapters.opentelemetry.packages import check_packages
from adapters.pillow.sample_image import sample_image
from adapters.system.clock import SystemClock
from adapters.system.health import SystemProbe
from adapters.system.ids import SystemIds
from adapters.tar.backup_store import TarBackupStore
from adapters.vips.processor import VipsImageProcessor
from domain.backups import DatabaseDumps
from domain.blobs import BlobStore
from domain.health import Probe
from domain.image_processing import ImageProcessor
from domain.limits import Limits
from domain.mailer import Mailer
from domain.passwords import PasswordHasher
from domain.proof_of_work import ProofOfWork
from domain.quotas import DailyQuota
from domain.screening import Screening
from domain.sensitive_media import SensitiveMediaDetector
from domain.storage import Storage
from domain.token_requests import TokenLifetime
from domain.tracing import Tracing
from lazy_adapters import (
    make_bucket_backups,
    make_database,
    make_hma_screening,
    make_identity_provider,
    make_memory_dumps,
    make_memory_storage,
    make_migrations,
    make_passkey_verifier,
    make_postgres_dumps,
    make_postgres_storage,
    make_s3_blobs,
    make_s3_probe,
    make_smtp_mailer,
    make_smtp_probe,
    make_tracing,
)
from optional_imports import without_modules

# Its wiring, which Tintype does not use, would load these web frameworks in every process.
with without_modules("fastapi.params", "starlette.requests", "werkzeug.local"):
    from dependency_injector.containers import DeclarativeContainer


class Technologies(DeclarativeContainer):
    config = Configuration(strict=True)

    # What every mode shares
    clock = Singleton(SystemClock)
    ids = Singleton(SystemIds)
    jitter = Object(random.random)
    sample_image = Object(sample_image)
    limits = Singleton(
        Limits,
        max_upload_bytes=config.max_upload_bytes,
        max_pixels=config.max_pixels,
        max_images_per_post=config.max_images_per_post,
        max_text=config.max_text,
        max_follows=config.max_follows,
        review_first_posts=config.review_first_posts,
    )
    quota = Singleton(DailyQuota, images=config.daily_upload_images, bytes=config.daily_upload_bytes)
    token_lifetime = Singleton(TokenLifetime, days=config.token_days)
    tracing: Provider[Tracing | None] = Selector(
        config.tracing,
        off=Object(None),
        otlp=Singleton(make_tracing, service=config.service),
        memory=Singleton(MemoryTracing),
    )
    tracing_packages = Selector(config.tracing, off=Object(None), otlp=Callable(check_packages), memory=Object(None))

    # The database
    embedded = Singleton(EmbeddedPostgres, home=config.home, user_namespace=config.user_namespace)
    database_url: Provider[str] = Selector(
        config.database, embedded=Callable(attrgetter("url"), embedded), external=config.database_url
    )
    database = Singleton(
        make_database, url=database_url.provider, direct_url=config.database_direct_url, tracing=tracing
    )
    psql = Callable(psql_command, database.provided.direct_url)
    migrations = Singleton(make_migrations, database=database)
    storage: Provider[Storage] = Selector(
        config.store, memory=Singleton(make_memory_storage, clock), postgres=Singleton(make_postgres_storage, database)
    )

    client_program = Object(client_program)
    database_dumps: Provider[DatabaseDumps] = Selector(
        config.store,
        memory=Singleton(make_memory_dumps, storage),
        postgres=Singleton(make_postgres_dumps, database, find_program=client_program, scratch=config.home),
    )

    # Bytes, images, passwords
    blobs_folder = config.home.as_(lambda home: home / "blobs")
    file_blobs = Singleton(FilesystemBlobStore, folder=blobs_folder, min_free=config.min_free_bytes)
    s3_blobs: Provider[BlobStore] = Singleton(
        make_s3_blobs, config.s3_bucket, config.s3_endpoint, config.s3_region, links=config.presigns
    )
    blobs: Provider[BlobStore] = Selector(
        config.blobs, filesystem=file_blobs, s3=s3_blobs, memory=Singleton(MemoryBlobStore)
    )
    blobs_probe: Provider[Probe] = Selector(
        config.blobs,
        filesystem=Singleton(FilesystemProbe, folder=blobs_folder, min_free=config.min_free_bytes),
        s3=Singleton(make_s3_probe, config.s3_bucket, config.s3_endpoint, config.s3_region),
        memory=Singleton(MemoryProbe, "storage"),
    )
    folder_backups = Object(FilesystemBackupStore)
    tar_backups = Object(TarBackupStore)
    bucket_backups = Object(make_bucket_backups)
    decoding = Singleton(DecodingPool)
    processor: Provider[ImageProcessor] = Selector(
        config.processor,
        vips=Singleton(VipsImageProcessor, limits=limits, pool=decoding),
        memory=Singleton(MemoryImageProcessor, limits=limits),
    )
    passwords: Provider[PasswordHasher] = Selector(
        config.passwords, argon2=Singleton(Argon2PasswordHasher), memory=Singleton(MemoryPasswordHasher)
    )

    # Known images
    screening: Provider[Screening | None] = Selector(
        config.screening,
        none=Object(None),
        blocklist=Object(None),
        http=Singleton(make_hma_screening, url=config.screening_url),
        memory=Singleton(MemoryScreening),
    )
    uses_blocklist: Provider[bool] = Selector(
        config.screening, none=Object(False), blocklist=Object(True), http=Object(True), memory=Object(True)
    )

    # Sensitive media
    sensitive_media_detector: Provider[SensitiveMediaDetector | None] = Selector(
        config.sensitive_media_detector,
        off=Object(None),
        ask=Singleton(OpenNsfwSensitiveMediaDetector, limits=limits, pool=decoding),
        memory=Singleton(MemorySensitiveMediaDetector),
    )
    sensitive_media_probe: Provider[Probe] = Selector(
        config.sensitive_media_detector,
        off=Singleton(SystemProbe, "sensitive media", "no detector (TINTYPE_SENSITIVE_MEDIA_DETECTOR)"),
        ask=Singleton(OpenNsfwProbe),
        memory=Singleton(MemoryProbe, "sensitive media"),
    )

    # E-mail, passkeys, the identity provider and proof of work
    mailer: Provider[Mailer] = Selector(
        config.mail,
        log=Singleton(LogMailer),
        smtp=Singleton(make_smtp_mailer, server=config.mail_server, sender=config.mail_from, site=config.link_base),
        memory=Singleton(MemoryMailer),
    )
    mail_probe: Provider[Probe] = Selector(
        config.mail,
        log=Singleton(SystemProbe, "mail", "written to the log, with links for the operator (TINTYPE_MAIL)"),
        smtp=Singleton(make_smtp_probe, server=config.mail_server),
        memory=Singleton(SystemProbe, "mail", "kept in memory (TINTYPE_MAIL)"),
    )
    mail_delivered: Provider[bool] = Selector(config.mail, log=Object(False), smtp=Object(True), memory=Object(True))
    passkey_verifier = Selector(
        config.passkeys, webauthn=Singleton(make_passkey_verifier), memory=Singleton(MemoryPasskeyVerifier)
    )
    identity_provider = Selector(
        config.identity_provider,
        oidc=Singleton(make_identity_provider, config.oidc_issuer, config.oidc_client_id, config.oidc_client_secret),
        memory=Singleton(MemoryIdentityProvider),
        off=Object(None),
    )
    proof_of_work: Provider[ProofOfWork | None] = Selector(
        config.proof_of_work,
        altcha=Singleton(AltchaProofOfWork, secret=config.altcha_secret),
        memory=Singleton(MemoryProofOfWork),
        off=Object(None),
    )
