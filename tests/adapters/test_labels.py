"""Captions made from labels."""

import pytest

from adapters.labels.captions import LabelCaptionWriter
from domain.captions import Source
from domain.vision import Label, Verdict


def label(name: str, score: float = 0.5, verdict: Verdict | None = None) -> Label:
    return Label("n00000000", name, 0, score, (), verdict)


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        ([label("golden retriever")], "a golden retriever"),
        ([label("Egyptian cat")], "an Egyptian cat"),
        ([label("hourglass")], "an hourglass"),
        ([label("unicycle")], "a unicycle"),
        ([label("sunglasses")], "sunglasses"),
        ([label("French bread")], "French bread"),
        ([label("clothing")], "clothing"),
        ([label("animal")], "an animal"),
        ([label("tabby", 0.4), label("Egyptian cat", 0.3)], "a tabby or an Egyptian cat"),
        ([label("tabby", 0.8), label("Egyptian cat", 0.15)], "a tabby"),
        ([label("crane", 0.4), label("crane", 0.4)], "a crane"),
        ([label("tabby", 0.8, Verdict.WRONG), label("lynx", 0.1)], "a lynx"),
    ],
)
async def test_caption_from_labels(labels: list[Label], text: str) -> None:
    suggestion = (await LabelCaptionWriter().write(b"", labels)).suggestion
    assert suggestion is not None
    assert suggestion.text == f"A photo that may show {text}"
    assert (suggestion.source, suggestion.model, suggestion.prompt_version) == (Source.LABELS, None, "labels/1")
