"""JPEG: ITU-T T.81, annex B."""

import re
import struct
from dataclasses import dataclass, field

from domain.formats import mpf
from domain.formats.structure import Structure, truncated_file_error
from domain.images import BrokenImage

MAX_SCANS = 100
"""Each scan of a progressive image costs the decoder a pass over all pixels. Encoders write about ten."""
MAX_SEGMENTS = 4_000
"""The longest extended XMP packets have some hundreds of segments."""
SCALED_DECODER_BYTES = 12 << 20
"""Memory in bytes for rows and tables of a decoder that does not store the image."""
GAIN_MAP_BYTES = 64 << 20
"""Additional bytes for a rendition with a gain map."""
_GAIN_MAP_SIGNATURES = (b"urn:iso:std:iso:ts:21496:-1\0", b"http://ns.adobe.com/hdr-gain-map/1.0/")
_MAX_METADATA_BYTES = 64 << 10

_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_SOI, _EOI, _SOS, _APP2, _TEM = 0xD8, 0xD9, 0xDA, 0xE2, 0x01
_LAST_COEFFICIENT = 63


@dataclass(slots=True)
class MarkerSummary:
    """The markers of one image. `end` is the position after EOI, or 0 if there is none."""

    width: int = 0
    height: int = 0
    components: tuple[int, ...] = ()
    is_progressive: bool = False
    scans: int = 0
    segments: int = 0
    end: int = 0
    directory: tuple[int, int] | None = None
    exact_coefficients: set[tuple[int, int]] = field(default_factory=set)
    """The coefficients of each component that a scan sent completely, as (number, coefficient)."""
    coded_components: set[int] = field(default_factory=set)
    """The components of which a scan sent something."""

    @property
    def is_complete(self) -> bool:
        """Whether every coefficient of every component was sent."""
        wanted = range(_LAST_COEFFICIENT + 1) if self.is_progressive else (0,)
        return bool(self.components) and all(
            (one, at) in self.exact_coefficients for one in self.components for at in wanted
        )


def read(data: bytes) -> Structure:
    """Read the structure. Raises `BrokenImage`. If only the end marker is missing, it is added for the decoder."""
    found = scan_markers(data, 0)
    if found.end and not found.components:
        raise BrokenImage("the JPEG contains no image; save it again with another program")
    if not found.end and not found.is_complete:
        raise truncated_file_error(data)
    if missing := len(set(found.components) - found.coded_components):
        raise BrokenImage(
            f"{missing} of {len(found.components)} colour components are missing; use a complete copy of the image",
            limit=len(found.components),
            actual=len(found.components) - missing,
        )
    kept = found.width * found.height * len(found.components) * 2 if found.is_progressive else 0
    decodable = data[: found.end] if found.end else data + b"\xff\xd9"
    further = _read_further_images(data, found.directory, found.end) if found.directory and found.end else []
    end = max([found.end or len(data), *(start + summary.end for start, summary in further)])
    with_gain_map = _cut_after_gain_map(data, found, further)
    memory = SCALED_DECODER_BYTES + kept + (GAIN_MAP_BYTES if with_gain_map else 0)
    return Structure(found.width, found.height, end, memory, decodable, with_gain_map=with_gain_map)


def _cut_after_gain_map(data: bytes, first: MarkerSummary, further: list[tuple[int, MarkerSummary]]) -> bytes | None:
    """Return the file up to the end of its gain map (ISO 21496-1, or Adobe's and Google's XMP), which is not larger
    than the image."""
    for start, summary in further:
        is_map = any(mark in data[start : start + _MAX_METADATA_BYTES] for mark in _GAIN_MAP_SIGNATURES)
        if is_map and not summary.is_progressive and 0 < summary.width * summary.height <= first.width * first.height:
            return data[: start + summary.end]
    return None


def _read_further_images(data: bytes, directory: tuple[int, int], first_end: int) -> list[tuple[int, MarkerSummary]]:
    """Return the images after the first that the directory lists, and their positions. Only complete JPEG images count,
    so that no other data is kept with the file."""
    found = []
    for start, size in mpf.read_entries(data, *directory)[1 : mpf.MAX_IMAGES]:
        if start >= first_end and data[start : start + 2] == b"\xff\xd8":
            summary = scan_markers(data[start : start + size], 0)
            if summary.end:
                found.append((start, summary))
    return found


def scan_markers(data: bytes, start: int) -> MarkerSummary:
    """Read the markers of one image. Raises `BrokenImage` for more segments or scans than any encoder writes."""
    summary, at = MarkerSummary(), start
    while found := _MARKER.search(data, at):
        at, marker = found.end(), found[1][0]
        if marker == _EOI:
            summary.end = at
            break
        if marker in {_SOI, _TEM}:
            continue
        if at + 2 > len(data):
            break
        length = int.from_bytes(data[at : at + 2])
        _add_segment(summary, marker, data[at + 2 : at + min(length, 4096)], at + 2)
        at += length
    return summary


def _add_segment(summary: MarkerSummary, marker: int, payload: bytes, at: int) -> None:
    summary.segments += 1
    if summary.segments > MAX_SEGMENTS:
        raise BrokenImage(
            f"the JPEG has more than {MAX_SEGMENTS:,} segments; save it again with another program",
            limit=MAX_SEGMENTS,
        )
    if marker in _FRAMES and not summary.components:
        _, summary.height, summary.width, count = struct.unpack_from(">BHHB", payload)
        summary.components = tuple(payload[6 : 6 + 3 * count : 3])
        summary.is_progressive = marker in _PROGRESSIVE
    elif marker == _SOS:
        _add_scan(summary, payload)
    elif marker == _APP2 and payload.startswith(mpf.IDENTIFIER) and summary.directory is None:
        summary.directory = at + len(mpf.IDENTIFIER), len(payload) - len(mpf.IDENTIFIER)


def _add_scan(summary: MarkerSummary, payload: bytes) -> None:
    summary.scans += 1
    if summary.scans > MAX_SCANS:
        raise BrokenImage(
            f"the JPEG has more than {MAX_SCANS} scans, and each costs a pass over the image; save it again with "
            "another program",
            limit=MAX_SCANS,
        )
    count = payload[0]
    components = payload[1 : 1 + 2 * count : 2]
    summary.coded_components.update(components)
    first, last, precision = payload[1 + 2 * count : 4 + 2 * count]
    if precision & 0x0F == 0:
        coefficients = range(first, min(last, _LAST_COEFFICIENT) + 1)
        summary.exact_coefficients.update((one, at) for one in components for at in coefficients)
