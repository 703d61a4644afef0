"""How much of a rate limit is used, as headers say it (draft-ietf-httpapi-ratelimit-headers, up to 06)."""

import math
from collections.abc import Mapping

from domain.rate_limits import RateUsage

USAGE_KEY = "tintype.usage"
"""Where a request's scope keeps the usage that its answer tells of."""


def usage_headers(usage: RateUsage) -> Mapping[str, str]:
    return {
        "RateLimit-Limit": str(usage.rate.limit),
        "RateLimit-Remaining": str(usage.remaining),
        "RateLimit-Reset": str(math.ceil(usage.reset_after)),
    }
