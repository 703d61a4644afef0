"""Sample data: fills an empty database with generated users and posts, for measurements."""

import struct
import zlib

from domain.clock import Clock
from domain.limits import Limits
from domain.sample_data import RowReporter, SampleData, SampleSpec, Scale
from domain.services.accounts import Accounts
from domain.services.uploading import Uploading
from domain.users import SignUp

FIRST_USERNAME = "user_1"
PASSWORD = "correct horse battery"  # noqa: S105 — of generated users, printed after generation


class Sampling:
    def __init__(
        self, accounts: Accounts, uploading: Uploading, sample_data: SampleData, clock: Clock, limits: Limits
    ) -> None:
        self._accounts = accounts
        self._uploading = uploading
        self._sample_data = sample_data
        self._clock = clock
        self._limits = limits

    async def fill(self, scale: Scale, advance: RowReporter) -> None:
        """Generate the users, posts, likes and follows of `scale`. All users can sign in with `PASSWORD`. Raises
        `NotEmpty`."""
        await self._sample_data.check_empty()
        first = (await self._accounts.sign_up(SignUp(FIRST_USERNAME, f"{FIRST_USERNAME}@example.org", PASSWORD))).user
        picture = await self._uploading.upload(first.id, sample_picture(), exempt=True)
        try:
            sample = SampleSpec(scale, first, picture, self._limits.max_follows, self._clock.now())
            await self._sample_data.fill(sample, advance)
        except BaseException:
            await self._accounts.delete(first.id)
            raise


def sample_picture(width: int = 640, height: int = 480) -> bytes:
    """Return a gradient as PNG."""
    rows = b"".join(b"\0" + _row(y, width, height) for y in range(height))
    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _row(y: int, width: int, height: int) -> bytes:
    """Return a row of pixels: red increases to the right, blue downwards; green is constant."""
    return bytes(part for x in range(width) for part in (255 * x // width, 128, 255 * y // height))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))
