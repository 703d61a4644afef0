"""Encodes an image in all formats that Tintype reads. Runs in a build stage of the Dockerfile that still has the
encoders: `python -c`, with an image in base64 on standard input. Prints JSON: the upright width and height, and the
files in base64.

All except GIF are stored rotated, with an orientation, and have a colour profile.
"""

import base64
import json
import sys
from io import BytesIO

from PIL import Image, ImageCms
from pillow_heif import register_heif_opener

SIDE = 400
ORIENTATION, TURN_RIGHT = 0x0112, 6

register_heif_opener()
upright = Image.open(BytesIO(base64.b64decode(sys.stdin.read()))).convert("RGB")
upright.thumbnail((SIDE, SIDE))
lying = upright.transpose(Image.Transpose.ROTATE_90)
exif = Image.Exif()
exif[ORIENTATION] = TURN_RIGHT
profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def encode_picture(picture: Image.Image, name: str, **options: object) -> str:
    buffer = BytesIO()
    picture.save(buffer, name, **options)
    return base64.b64encode(buffer.getvalue()).decode()


files = {
    f"image/{name.lower()}": encode_picture(
        lying, {"HEIC": "HEIF"}.get(name, name), exif=exif.tobytes(), icc_profile=profile, quality=90
    )
    for name in ("JPEG", "PNG", "WebP", "AVIF", "HEIC")
}
files["image/gif"] = encode_picture(upright, "GIF")
print(json.dumps({"size": upright.size, "files": files}))
