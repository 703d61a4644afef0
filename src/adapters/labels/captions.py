"""Alt text without any language model: the labels, said as a guess."""

from collections.abc import Sequence

from domain.captions import CaptionDraft, CaptionWriter, Source, Suggestion
from domain.vision import Label, Verdict

PROMPT_VERSION = "labels/1"

RUNNER_UP_SHARE = 0.5
"""The runner-up is named too when its score is at least this share of the best one's."""

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
    def needs_labels(self) -> bool:
        return True

    @property
    def terms(self) -> None:
        return None

    async def write(self, data: bytes, labels: Sequence[Label]) -> CaptionDraft:  # noqa: ARG002
        believed = sorted((label for label in labels if label.verdict is not Verdict.WRONG), key=lambda it: -it.score)
        if not believed:
            return CaptionDraft()
        named = [label.name for label in believed[:2] if label.score >= RUNNER_UP_SHARE * believed[0].score]
        things = " or ".join(dict.fromkeys(map(with_article, named)))
        return CaptionDraft(Suggestion(f"A photo that may show {things}", Source.LABELS, None, PROMPT_VERSION))


def with_article(name: str) -> str:
    """`name` with "a" or "an", by its sound as far as its spelling tells."""
    word = name.lower()
    if word in _WITHOUT_ARTICLE:
        return name
    vowel = word.startswith(_SOUNDS_LIKE_A_VOWEL) or (
        word[:1] in set("aeiou") and not word.startswith(_SOUNDS_LIKE_A_CONSONANT)
    )
    return f"{'an' if vowel else 'a'} {name}"
