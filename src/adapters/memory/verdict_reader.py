from collections import defaultdict
from collections.abc import Sequence

from adapters.memory.store import MemoryStore
from domain.vision import Label, Verdict
from domain.vision.verdicts import VerdictCount, VerdictReader


class MemoryVerdictReader(VerdictReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def counts(self) -> Sequence[VerdictCount]:
        judged: dict[str, list[Label]] = defaultdict(list)
        for (_, key), label in sorted(self._store.committed.verdicts.items(), key=lambda it: it[0][0]):
            judged[key].append(label)
        return sorted((_count(labels) for labels in judged.values()), key=lambda it: (-it.wrong, it.key))


def _count(labels: Sequence[Label]) -> VerdictCount:
    wrong = sum(label.verdict is Verdict.WRONG for label in labels)
    return VerdictCount(labels[-1].key, labels[-1].name, len(labels) - wrong, wrong)
