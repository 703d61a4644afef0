"""Images in all formats, in containers that have only the libraries for decoding."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

from tests.images.engine import Docker, Failed
from tests.images.service import Service

_SCRIPT = Path(__file__).parent / "encode.py"
_SIZES = ("thumb", "medium", "large")


@dataclass(frozen=True, slots=True)
class Pictures:
    """`size` is the upright width and height; `files` are by content type."""

    size: tuple[int, int]
    files: dict[str, bytes]


def encode_formats(docker: Docker, image: str, picture: bytes) -> Pictures:
    """`picture` in all formats, encoded by the packages in `image`."""
    command = ("run", "--rm", "--interactive", "--network=none", image, "python", "-c", _SCRIPT.read_text("utf-8"))
    made = json.loads(docker(*command, text=base64.b64encode(picture).decode()))
    width, height = made["size"]
    return Pictures((width, height), {name: base64.b64decode(data) for name, data in made["files"].items()})


def check_uploads(api: Service, pictures: Pictures) -> None:
    """The API recognizes, rotates and serves each format in all sizes."""
    for content_type, data in pictures.files.items():
        image = api.upload(data)
        found = image["content_type"], (image["width"], image["height"])
        if found != (content_type, pictures.size):
            raise Failed(f"the API takes {content_type} of {pictures.size} for {found}")
        for size in _SIZES:
            if not api.read(image["urls"][size]):
                raise Failed(f"{content_type}: the size {size} is empty")


def check_classification(inference: Service, pictures: Pictures, label: str) -> None:
    """The inference service classifies each format."""
    for content_type, data in pictures.files.items():
        answer = json.loads(inference.read("/v1/classify?top=1", data, {"Content-Type": "application/octet-stream"}))
        if answer["labels"][0]["name"] != label:
            raise Failed(f"{content_type} shows a {label}, and was classified as {answer['labels']}")
