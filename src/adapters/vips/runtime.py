"""libvips with limits: no cache, one thread, and only the required loaders."""

import re

import pyvips  # type: ignore[import-untyped]

from domain.images import BrokenImage

_LOADERS = ("Jpeg", "Uhdr", "Png", "Webp", "Nsgif", "Heif")
_SAVERS = ("VipsForeignSaveJpeg", "VipsForeignSaveWebp", "VipsForeignSaveUhdr")

pyvips.cache_set_max(0)
pyvips.concurrency_set(1)
pyvips.block_untrusted_set(True)
pyvips.operation_block_set("VipsForeign", True)
for _loader in _LOADERS:
    pyvips.operation_block_set(f"VipsForeignLoad{_loader}", False)
for _saver in _SAVERS:
    pyvips.operation_block_set(_saver, False)

_NO_REASON = re.compile(r"|unable to (call \w+|copy to memory)")
"""What pyvips reports beside the loader's own error, if that states one."""

Image = pyvips.Image
Error = pyvips.Error
BLOB = pyvips.GValue.blob_type


def clear_errors() -> None:
    """libvips appends all errors to one text of the process."""
    pyvips.vips_lib.vips_error_clear()


def take_errors() -> str:
    """Return the errors and warnings since the last call of this or `clear_errors`."""
    text: bytes = pyvips.ffi.string(pyvips.vips_lib.vips_error_buffer())
    clear_errors()
    return text.decode(errors="replace")


def missing_pixels_error() -> BrokenImage:
    return BrokenImage(
        "the image data ends before the last row, so part of the image is missing; use a complete copy of it"
    )


def error_reason(error: Exception) -> str:
    """The last error message, in one line."""
    lines = [line.strip() for line in str(error).splitlines() if not _NO_REASON.fullmatch(line.strip())]
    return lines[-1][:200] if lines else "its data is incomplete or invalid"
