"""Keeps libraries from importing optional libraries whose support this program does not use."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_modules(*names: str) -> Iterator[None]:
    """Imports of these modules fail with `ModuleNotFoundError` until the block ends, unless they are loaded already.

    Python documents None in `sys.modules` for this.
    """
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # typeshed allows only modules
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
