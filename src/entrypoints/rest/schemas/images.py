from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field

from domain import images, understanding, vision
from domain.captions import Source
from domain.errors import FieldError, Invalid
from domain.understanding import State, Task
from domain.vision import Verdict, duplicates
from domain.vision.duplicates import DuplicateKind
from entrypoints.http.schemas import Body, Changes, Id, Out, Timestamp, drop_defaults


class ImageUrls(Out):
    """Paths on this host."""

    thumb: str
    medium: str
    large: str


class AltText(Out):
    text: str
    source: Source
    model: str | None


class AltTextSuggestion(AltText):
    prompt_version: str | None


class Label(Out):
    key: Annotated[
        str, Field(description="WordNet id, or the key of a broader word", examples=["n02099601", "tag:dog"])
    ]
    name: Annotated[str, Field(examples=["golden retriever"])]
    class_index: Annotated[int | None, Field(description="0-999 in ILSVRC order; null for a broader word")]
    score: Annotated[float, Field(description="calibrated probability")]
    tags: Annotated[Sequence[str], Field(description="everyday words, from the narrowest to the most general")]
    verdict: Verdict | None

    @classmethod
    def of(cls, label: vision.Label) -> Self:
        return cls(
            key=label.key,
            name=label.name,
            class_index=label.class_index,
            score=label.score,
            tags=label.tags,
            verdict=label.verdict,
        )


class Duplicate(Out):
    image_id: Id
    kind: Annotated[DuplicateKind, Field(description="equal bytes, or a visually similar image")]
    distance: Annotated[int, Field(description="bits of 64 that differ, 0-10")]

    @classmethod
    def of(cls, duplicate: duplicates.Duplicate) -> Self:
        return cls(image_id=duplicate.image_id, kind=duplicate.kind, distance=duplicate.distance)


class LabelVerdict(Body):
    model_config = ConfigDict(strict=False)

    verdict: Verdict = Field(description="the owner's verdict")


class AnalysisTask(Out):
    state: State
    attempts: int
    model: str | None
    error: Annotated[str | None, Field(description="for the owner only")]
    next_attempt_at: Timestamp | None

    @classmethod
    def of(cls, row: understanding.Understanding) -> Self:
        return cls(
            state=row.state,
            attempts=row.attempts,
            model=row.model,
            error=row.error,
            next_attempt_at=row.next_attempt_at,
        )


class Understanding(Out):
    classification: AnalysisTask
    caption: AnalysisTask


class Image(Out):
    id: Id
    width: int
    height: int
    content_type: Annotated[str, Field(description="of the upload")]
    urls: ImageUrls
    placeholder: Annotated[str, Field(description="thumbhash in base64")]
    alt_text: AltText | None
    alt_text_suggestion: Annotated[AltTextSuggestion | None, Field(description="for the owner only")]
    labels: Annotated[
        list[Label], Field(description="may be empty; the owner alone sees labels with the verdict `wrong`")
    ]
    duplicates: Annotated[list[Duplicate], Field(description="for the owner only; images that the owner may see")]
    understanding: Understanding
    quarantined: Annotated[
        bool,
        Field(
            description="whether no address serves the image: it matches a list of known images, or is not screened yet"
        ),
    ]
    created_at: Timestamp

    @classmethod
    def of(cls, image: images.Image) -> Self:
        return cls(
            id=image.id,
            width=image.width,
            height=image.height,
            content_type=image.content_type,
            urls=_urls(image),
            placeholder=image.placeholder,
            alt_text=_alt_text(image),
            alt_text_suggestion=_suggestion(image),
            labels=[Label.of(label) for label in image.labels],
            duplicates=[Duplicate.of(one) for one in image.duplicates],
            understanding=Understanding(
                classification=AnalysisTask.of(image.understanding[Task.CLASSIFICATION]),
                caption=AnalysisTask.of(image.understanding[Task.CAPTION]),
            ),
            quarantined=image.quarantined,
            created_at=image.created_at,
        )


def _urls(image: images.Image) -> ImageUrls:
    path = f"/v1/images/{image.id}/file?size="
    return ImageUrls(thumb=f"{path}thumb", medium=f"{path}medium", large=f"{path}large")


def _alt_text(image: images.Image) -> AltText | None:
    said = image.alt_text
    return AltText(text=said.text, source=said.source, model=said.model) if said else None


def _suggestion(image: images.Image) -> AltTextSuggestion | None:
    said = image.suggestion
    if said is None:
        return None
    return AltTextSuggestion(text=said.text, source=said.source, model=said.model, prompt_version=said.prompt_version)


def _describe_choice(schema: dict[str, Any]) -> None:
    drop_defaults(schema)
    schema["oneOf"] = [{"required": ["alt_text"]}, {"required": ["suggestion"]}]
    schema["dependentRequired"] = {"based_on_suggestion": ["alt_text"]}


class ImageUpdate(Changes):
    """Either `alt_text`, your own text (null removes it; both answer the suggestion), or `suggestion: null`, which
    rejects the suggestion."""

    model_config = ConfigDict(json_schema_extra=_describe_choice)

    alt_text: str | None = Field(None, description="1-1,500 characters")
    based_on_suggestion: bool = False
    suggestion: None = None

    @property
    def is_rejection(self) -> bool:
        """Whether the suggestion is rejected. Raises `Invalid` unless exactly one of the two is sent."""
        sent = self.model_fields_set
        if ("alt_text" in sent) == ("suggestion" in sent):
            said = "both are sent" if "alt_text" in sent else "is missing"
            detail = f"{said}; send either alt_text or suggestion: null"
            raise Invalid.of(FieldError("alt_text", "not_allowed" if "alt_text" in sent else "missing", detail))
        if "suggestion" in sent and "based_on_suggestion" in sent:
            detail = "says where an alt_text comes from; leave it out where none is sent"
            raise Invalid.of(FieldError("based_on_suggestion", "not_allowed", detail))
        return "suggestion" in sent
