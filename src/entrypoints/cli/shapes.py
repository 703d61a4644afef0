"""Results in the shapes of the REST API; those of them that REST has no call for are flat objects."""

from typing import Any

from domain.captions import Suggestion
from domain.counters import Drift
from domain.health import Health
from domain.ledger import Spending
from domain.likes import LikeState
from domain.understanding import TaskCount
from domain.vision import Model, Prediction
from domain.vision.quantization import Comparison


def like_state(standing: LikeState) -> dict[str, Any]:
    return {"like_count": standing.like_count, "liked": standing.liked}


def drift(found: Drift) -> dict[str, Any]:
    return {"counter": found.counter, "id": str(found.id), "stored": found.stored, "actual": found.actual}


def task_count(found: TaskCount) -> dict[str, Any]:
    return {"task": found.task, "state": found.state, "count": found.count, "example_error": found.example_error}


def spending(found: Spending) -> dict[str, Any]:
    return {"captions_today": {"calls": found.calls, "usd": float(found.usd)}}


def health(found: Health) -> dict[str, Any]:
    return {
        "part": found.part,
        "ok": found.ok,
        "required": found.required,
        "detail": found.detail,
        "remedy": found.remedy,
    }


def model(found: Model) -> dict[str, Any]:
    return {"name": found.name, "version": found.version, "device": found.device or None}


def description(found: Model) -> dict[str, Any]:
    """As `GET /v2/models/{name}` describes it."""
    return {
        "name": found.name,
        "version": found.version,
        "licence": found.licence,
        "source": found.source,
        "classes": found.classes,
    }


def prediction(file: str, found: Prediction) -> dict[str, Any]:
    labels = [
        {
            "key": label.key,
            "name": label.name,
            "class_index": label.class_index,
            "score": label.score,
            "tags": list(label.tags),
        }
        for label in found.labels
    ]
    return {"file": file, "model": model(found.model), "labels": labels}


def suggestion(file: str, found: Suggestion | None) -> dict[str, Any]:
    shape = found and {
        "text": found.text,
        "source": found.source,
        "model": found.model,
        "prompt_version": found.prompt_version,
    }
    return {"file": file, "alt_text_suggestion": shape}


def comparison(found: Comparison) -> dict[str, Any]:
    return {
        "count": found.count,
        "other_first_class": found.changed,
        "judged": found.labelled,
        "accuracy_lost": found.accuracy_loss,
        "p_value": found.p_value,
    }
