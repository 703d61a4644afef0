"""Sample data: fills an empty database with generated users and posts, for measurements."""

from collections.abc import Callable

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
        self,
        accounts: Accounts,
        uploading: Uploading,
        sample_data: SampleData,
        sample_image: Callable[[], bytes],
        clock: Clock,
        limits: Limits,
    ) -> None:
        self._accounts = accounts
        self._uploading = uploading
        self._sample_data = sample_data
        self._sample_image = sample_image
        self._clock = clock
        self._limits = limits

    async def fill(self, scale: Scale, advance: RowReporter) -> None:
        """Generate the users, posts, likes and follows of `scale`. All users can sign in with `PASSWORD`. Raises
        `NotEmpty`."""
        await self._sample_data.check_empty()
        first = (await self._accounts.sign_up(SignUp(FIRST_USERNAME, f"{FIRST_USERNAME}@example.org", PASSWORD))).user
        image = await self._uploading.upload(first.id, self._sample_image(), exempt=True)
        try:
            sample = SampleSpec(scale, first, image, self._limits.max_follows, self._clock.now())
            await self._sample_data.fill(sample, advance)
        except BaseException:
            await self._accounts.delete(first.id)
            raise
