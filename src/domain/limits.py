"""The limits an operator can set. Every error caused by one of them names it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    max_upload_bytes: int = 20 * 1024 * 1024
    max_pixels: int = 52_428_800
    max_images_per_post: int = 10
    max_text: int = 2_200
    max_follows: int = 7_500
    review_first_posts: int = 0
