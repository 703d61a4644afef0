"""How many examples a costly property gets."""

from hypothesis import settings


def scale_examples(examples: int) -> int:
    """So many in the profile `ci`; in another one as many more or fewer as the cheap properties get, whose number is
    100 there."""
    return max(1, examples * settings().max_examples // 100)
