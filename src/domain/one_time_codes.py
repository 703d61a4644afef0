"""Codes of authenticator apps (TOTP, RFC 6238) and recovery codes."""

import base64
import hashlib
import hmac
import re
from datetime import datetime
from enum import StrEnum

from pyotp import HOTP, TOTP

from domain.errors import FieldError, Invalid

DIGITS = 6
STEP_SECONDS = 30
TOLERANCE = 1
"""Steps before and after the present one whose codes are accepted, because clocks differ."""

RECOVERY_CODES = 10
"""Number of recovery codes of a user."""
_RECOVERY_LENGTH = 16
_TOTP_CODE = re.compile(rf"[0-9]{{{DIGITS}}}")
_RECOVERY_CODE = re.compile(rf"[a-z2-7]{{{_RECOVERY_LENGTH}}}")


class CodeKind(StrEnum):
    TOTP = "totp"
    RECOVERY = "recovery"


def parse_code(text: str, field: str) -> tuple[CodeKind, str]:
    """Return the code without spaces and dashes. Raises `Invalid`."""
    code = re.sub(r"[\s-]", "", text).lower()
    if _TOTP_CODE.fullmatch(code):
        return CodeKind.TOTP, code
    if _RECOVERY_CODE.fullmatch(code):
        return CodeKind.RECOVERY, code
    detail = f"must be the {DIGITS} digits of an authenticator app, or a recovery code of {_RECOVERY_LENGTH} characters"
    raise Invalid.of(FieldError(field, "bad_format", detail, DIGITS, len(code)))


def make_totp_secret(secret: str) -> str:
    """Return the shared secret of an authenticator app, 160 bits in Base32, from a random string."""
    return base64.b32encode(hashlib.sha256(secret.encode()).digest()[:20]).decode()


def totp_uri(secret: str, account: str, issuer: str) -> str:
    """Return the address that an authenticator app reads from a QR code."""
    return TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(name=account, issuer_name=issuer)


def find_step(secret: str, code: str, now: datetime, last_step: int = 0) -> int | None:
    """Return the time step of a code; None for a wrong one. Steps up to `last_step` are used up, so that a code is
    accepted once."""
    present, codes = int(now.timestamp()) // STEP_SECONDS, HOTP(secret, digits=DIGITS)
    steps = range(present - TOLERANCE, present + TOLERANCE + 1)
    return next((step for step in steps if step > last_step and hmac.compare_digest(codes.at(step), code)), None)


def make_recovery_code(secret: str) -> str:
    """Return a recovery code of 80 bits from a random string."""
    letters = base64.b32encode(hashlib.sha256(secret.encode()).digest()[:10]).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, _RECOVERY_LENGTH, 4))


def recovery_code_hash(code: str) -> str:
    """Return the stored form. A plain hash suffices: a code has 80 random bits and cannot be guessed."""
    return hashlib.sha256(code.replace("-", "").encode()).hexdigest()
