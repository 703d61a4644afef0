"""The number of examples of costly properties."""

from hypothesis import settings


def scale_examples(examples: int) -> int:
    """This many in the profile `ci`; in other profiles proportional to their number of examples, which is 100 in
    `ci`."""
    return max(1, examples * settings().max_examples // 100)
