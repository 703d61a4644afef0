"""Hashes of the eight orientations, against published PDQ hashes."""

import pytest

from domain.vision.dihedral import ORIENTATIONS
from domain.vision.duplicates import fingerprint_orientations
from domain.vision.pdq import MAX_PDQ_DISTANCE, Pdq, format_pdq, parse_pdq, pdq_distance, pdq_orientations

# The test vectors of one image in eight orientations, from the ThreatExchange project's pdq_test.py. Copyright (c) Meta
# Platforms, Inc. and affiliates, BSD licence.
ORIGINAL = "d8f8f0cce0f4a84f0e370a22028f67f0b36e2ed596623e1d33e6b39c4e9c9b22"
TURNED = {
    "rotate-90": "38a50efd71c83f429013d68d0ffffc52e34e0e15ada952a9d29684214aa9e5af",
    "rotate-180": "2dadda64b5a142e5d362209057da895ae63b8c7fc277b4b766b319361f893188",
    "rotate-270": "a5f0a457248995e8c9065c275aaa54d8b61ba4bdf8fcfc0387c32f8b0bfc4f05",
    "flip-x": "d8f80f31e0f417b00e37f5dd028f980fb36ed12a9662c1e233e64c634e9c64dd",
    "flip-y": "0dad259bb1a1bd18d362576556da32a1e63b7380c2374b4866b3c6c91b89ce77",
    "flip-plus-1": "f0a5e10271dcc0bd9c5309720fff018de34ef1e8ada9a956d2967ade1ea91a50",
    "flip-minus-1": "69f05aa8a4996a17c146a2da5aaaab07b61b5b60f8fc07fc83c3d0740bfcb0fa",
}
NEAREST_STRANGER = 98
"""The smallest distance of hashes of different photographs among 200 that were measured."""


def hash_of(text: str) -> Pdq:
    pdq = parse_pdq(text)
    assert pdq is not None
    return pdq


@pytest.mark.parametrize("name", TURNED)
def test_one_orientation_is_near_published_hash_of_turned_image(name: str) -> None:
    distances = sorted(pdq_distance(hash_of(TURNED[name]), turned) for turned in pdq_orientations(hash_of(ORIGINAL)))

    assert distances[0] <= 18 < MAX_PDQ_DISTANCE
    assert distances[1] > NEAREST_STRANGER


def test_orientations_begin_with_given_hash_and_are_closed() -> None:
    pdq = hash_of(ORIGINAL)
    turned = pdq_orientations(pdq)

    assert turned[0] == pdq
    assert len(set(turned)) == len(ORIENTATIONS) == 8
    assert all(set(pdq_orientations(one)) == set(turned) for one in turned)
    fingerprint = 0x9F35_A1C2_7E04_DB68
    ours = fingerprint_orientations(fingerprint)
    assert ours[0] == fingerprint
    assert all(set(fingerprint_orientations(one)) == set(ours) for one in ours)


def test_text_is_parsed_and_written() -> None:
    assert format_pdq(hash_of(f" {ORIGINAL.upper()}\n")) == ORIGINAL
    assert parse_pdq("0" * 63 + "1") == 1
    assert [parse_pdq(text) for text in ("", "0" * 63, "0" * 65, "g" * 64, "0x" + "0" * 62)] == [None] * 5
