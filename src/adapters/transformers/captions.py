"""Writes alt text with a small captioning model on this machine (BLIP, GIT, ViT-GPT2 and similar models)."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from adapters.decoding.pool import DecodingPool
from adapters.system.executor import BoundedExecutor
from domain.captions import CaptionDraft, CaptionWriter, Source, Suggestion, WriterLockedOut, clean_draft_text
from domain.limits import Limits
from domain.vision import Label

PROMPT_VERSION = "image-to-text/1"
"""These models take no prompt; the version identifies how they are called."""

MAX_TOKENS = 60
"""Tokens of a caption."""
SIDE = 720
"""The long side in pixels; these models use 224 to 384."""


class TransformersCaptionWriter(CaptionWriter):
    """Loads the model with the first caption and keeps it in memory. Downloads nothing, and runs no code from the
    folder."""

    def __init__(self, folder: Path | None, limits: Limits, pool: DecodingPool) -> None:
        self._pool = pool
        self._folder = folder
        self._max_pixels = limits.max_pixels
        self._executor = BoundedExecutor("captioning", threads=1, waiting=16)
        self._loaded: tuple[Any, Any, Any] | None = None
        self._loading = Lock()

    @property
    def service_name(self) -> None:
        return None

    @property
    def needs_labels(self) -> bool:
        return False

    @property
    def terms(self) -> None:
        return None

    async def write(self, data: bytes, labels: Sequence[Label]) -> CaptionDraft:  # noqa: ARG002 — the model reads the image
        words = clean_draft_text(await self._executor.run(self._caption, data))
        if words is None:
            return CaptionDraft()
        return CaptionDraft(
            Suggestion(words, Source.MODEL, require_folder(self._folder).resolve().name, PROMPT_VERSION)
        )

    def _caption(self, data: bytes) -> str:
        from adapters.pillow.small_image import small_image

        upright = small_image(self._pool, data, self._max_pixels, SIDE)
        image_processor, tokenizer, model = self._load_parts()
        import torch

        with torch.inference_mode():
            pixels = image_processor(images=upright, return_tensors="pt").pixel_values
            tokens = model.generate(pixel_values=pixels, max_new_tokens=MAX_TOKENS, do_sample=False)
        return str(tokenizer.decode(tokens[0], skip_special_tokens=True))

    def _load_parts(self) -> tuple[Any, Any, Any]:
        with self._loading:
            if self._loaded is None:
                self._loaded = load_model(require_folder(self._folder))
            return self._loaded


def require_folder(folder: Path | None) -> Path:
    """Return the folder. Raises `WriterLockedOut` if it is unset or not a model."""
    if folder is None or not (folder / "config.json").is_file():
        missing = f"{folder} contains no config.json" if folder else "it is not set"
        operator_detail = f"TINTYPE_CAPTION_MODEL must name the folder of an image-to-text model; {missing}"
        raise WriterLockedOut(operator_detail)
    return folder


def load_model(folder: Path) -> tuple[Any, Any, Any]:
    """The image processor, the tokenizer and the model. Raises `WriterLockedOut` if they are unusable."""
    try:
        from transformers import AutoImageProcessor, AutoModelForImageTextToText, AutoTokenizer
        from transformers.utils import logging
    except ImportError as error:
        operator_detail = f"install the extra transformers, which includes PyTorch ({error})"
        raise WriterLockedOut(operator_detail) from error
    logging.disable_progress_bar()
    here = {"local_files_only": True, "trust_remote_code": False}
    try:
        image_processor = AutoImageProcessor.from_pretrained(folder, **here)
        tokenizer = AutoTokenizer.from_pretrained(folder, **here)
        model = AutoModelForImageTextToText.from_pretrained(folder, use_safetensors=True, **here)
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        operator_detail = f"{folder} is not a usable image-to-text model: {str(error).splitlines()[0]}"
        raise WriterLockedOut(operator_detail) from error
    return image_processor, tokenizer, model.eval()
