"""Headers with the usage of a rate limit (draft-ietf-httpapi-ratelimit-headers, up to 06)."""

import math
from collections.abc import Mapping

from domain.rate_limits import RateUsage

USAGE_KEY = "tintype.usage"
"""The key in a request's scope for the usage that the response headers report."""


def usage_headers(usage: RateUsage) -> Mapping[str, str]:
    return {
        "RateLimit-Limit": str(usage.rate.limit),
        "RateLimit-Remaining": str(usage.remaining),
        "RateLimit-Reset": str(math.ceil(usage.reset_after)),
    }
