"""A few damaged images of each kind; `make test-attack` tries more."""

from tests.hostile.fuzz_images import SEEDS, run

ROUNDS = 15


def test_damaged_images_cause_no_fault() -> None:
    counts, faults = run(range(ROUNDS * len(SEEDS)))
    assert faults == []
    assert sum(counts.values()) == ROUNDS * len(SEEDS)
    assert {end for _, end in counts} >= {"taken", "broken_image"}
