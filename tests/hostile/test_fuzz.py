"""A few damaged images of each kind; `make test-attack` tries as many as there is time for."""

from tests.hostile.fuzz_images import SEEDS, run

ROUNDS = 15


def test_no_damage_is_a_fault() -> None:
    counts, faults = run(range(ROUNDS * len(SEEDS)))
    assert faults == []
    assert sum(counts.values()) == ROUNDS * len(SEEDS)
    assert {end for _, end in counts} >= {"taken", "broken_image"}
