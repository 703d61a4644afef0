"""Writes alt text from labels, worded as a guess, without a language model."""

from collections.abc import Sequence

from domain.captions import CaptionDraft, CaptionWriter, Source, Suggestion
from domain.vision import Label, Verdict

PROMPT_VERSION = "labels/1"

RUNNER_UP_SHARE = 0.5
"""The second label is mentioned if its score is at least this share of the best score."""

_SOUNDS_LIKE_A_CONSONANT = ("uni", "ukulele", "usa", "eu", "one")
_SOUNDS_LIKE_A_VOWEL = ("hour", "honest", "heir")
_WITHOUT_ARTICLE = frozenset(
    name.strip()
    for line in (
        "alcohol, armor, binoculars, bread, broccoli, chain mail, chocolate sauce, citrus fruit, cloth, clothing",
        "consommé, cookware, coral, corn, cosmetics, dark glasses, dough, eggnog, electronics, face powder, food",
        "footwear, french bread, fruit, furniture, glasses, guacamole, gym equipment, hair spray, hay, headwear, jeans",
        "jewelry, lotion, mashed potato, nightwear, pajamas, parallel bars, perfume, rapeseed, red wine",
        "spaghetti carbonara, sports equipment, sunglasses, sunscreen, swimming trunks, swimwear, toilet paper",
        "toiletries, underwear, velvet, waterfowl, wool",
    )
    for name in line.split(",")
)


class LabelCaptionWriter(CaptionWriter):
    @property
    def service_name(self) -> None:
        return None

    @property
    def needs_labels(self) -> bool:
        return True

    @property
    def terms(self) -> None:
        return None

    async def write(self, data: bytes, labels: Sequence[Label]) -> CaptionDraft:  # noqa: ARG002
        candidates = sorted((label for label in labels if label.verdict is not Verdict.WRONG), key=lambda it: -it.score)
        if not candidates:
            return CaptionDraft()
        names = [label.name for label in candidates[:2] if label.score >= RUNNER_UP_SHARE * candidates[0].score]
        things = " or ".join(dict.fromkeys(map(with_article, names)))
        return CaptionDraft(Suggestion(f"A photo that may show {things}", Source.LABELS, None, PROMPT_VERSION))


def with_article(name: str) -> str:
    """`name` with "a" or "an", as its spelling suggests."""
    word = name.lower()
    if word in _WITHOUT_ARTICLE:
        return name
    vowel = word.startswith(_SOUNDS_LIKE_A_VOWEL) or (
        word[:1] in set("aeiou") and not word.startswith(_SOUNDS_LIKE_A_CONSONANT)
    )
    return f"{'an' if vowel else 'a'} {name}"
