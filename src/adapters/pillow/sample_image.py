"""The image of generated posts."""

from io import BytesIO


def sample_image(width: int = 640, height: int = 480) -> bytes:
    """Return a gradient as PNG: red increases to the right, blue downwards."""
    from PIL import Image

    size, downwards = (width, height), Image.linear_gradient("L")
    red, green, blue = downwards.rotate(90).resize(size), Image.new("L", size, 128), downwards.resize(size)
    file = BytesIO()
    Image.merge("RGB", (red, green, blue)).save(file, "PNG")
    return file.getvalue()
