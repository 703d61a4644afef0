"""Results as JSON in the form of the REST API; results without a REST call are flat objects."""

from typing import Any

from domain.captions import Suggestion
from domain.consent import Consent
from domain.counters import Drift
from domain.emails import EmailCount
from domain.health import Health
from domain.ledger import Spending
from domain.likes import LikeState
from domain.sensitive_media import SensitivityScore
from domain.services.backing_up import BackupReport
from domain.services.blob_copying import CopyReport
from domain.services.blob_verification import BlobFault
from domain.understanding import TaskCount
from domain.vision import Model, Prediction
from domain.vision.quantization import Comparison


def like_state(state: LikeState) -> dict[str, Any]:
    return {"like_count": state.like_count, "liked": state.liked}


def consent(consent: Consent) -> dict[str, Any]:
    decided_at = consent.decided_at.isoformat() if consent.decided_at else None
    return {"captions": consent.captions, "followers_only": consent.followers_only, "decided_at": decided_at}


def drift(drift: Drift) -> dict[str, Any]:
    return {"counter": drift.counter, "id": str(drift.id), "stored": drift.stored, "actual": drift.actual}


def copy_report(report: CopyReport) -> dict[str, Any]:
    missing, damaged = [key.value for key in report.missing], [key.value for key in report.damaged]
    return {"copied": report.copied, "present": report.present, "missing": missing, "damaged": damaged}


def backup_report(report: BackupReport) -> dict[str, Any]:
    manifest = report.manifest
    created_at = manifest.created_at.isoformat()
    return {"backup": manifest.name, "created_at": created_at, **copy_report(report.blobs)}


def blob_fault(fault: BlobFault) -> dict[str, Any]:
    return {"image_id": str(fault.image_id), "key": fault.key.value}


def task_count(task: TaskCount) -> dict[str, Any]:
    return {"task": task.task, "state": task.state, "count": task.count, "example_error": task.example_error}


def email_count(emails: EmailCount) -> dict[str, Any]:
    return {"task": "email", "state": emails.state, "count": emails.count, "example_error": emails.example_error}


def spending(spending: Spending) -> dict[str, Any]:
    return {"captions_today": {"calls": spending.calls, "usd": float(spending.usd)}}


def health(health: Health) -> dict[str, Any]:
    return {
        "part": health.part,
        "ok": health.ok,
        "required": health.required,
        "detail": health.detail,
        "remedy": health.remedy,
    }


def model(model: Model) -> dict[str, Any]:
    return {"name": model.name, "version": model.version, "device": model.device or None}


def description(model: Model) -> dict[str, Any]:
    """The model in the form of `GET /v2/models/{name}`."""
    return {
        "name": model.name,
        "version": model.version,
        "licence": model.licence,
        "source": model.source,
        "classes": model.classes,
    }


def prediction(file: str, prediction: Prediction) -> dict[str, Any]:
    labels = [
        {
            "key": label.key,
            "name": label.name,
            "class_index": label.class_index,
            "score": label.score,
            "tags": list(label.tags),
        }
        for label in prediction.labels
    ]
    return {"file": file, "model": model(prediction.model), "labels": labels}


def suggestion(file: str, suggestion: Suggestion | None) -> dict[str, Any]:
    shape = suggestion and {
        "text": suggestion.text,
        "source": suggestion.source,
        "model": suggestion.model,
        "prompt_version": suggestion.prompt_version,
    }
    return {"file": file, "alt_text_suggestion": shape}


def comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "count": comparison.count,
        "other_first_class": comparison.changed,
        "judged": comparison.labelled,
        "accuracy_lost": comparison.accuracy_loss,
        "p_value": comparison.p_value,
    }


def sensitivity_answer(score: SensitivityScore) -> dict[str, Any]:
    answered_at = score.answered_at.isoformat() if score.answered_at else None
    about = {"image_id": str(score.image_id), "model": score.model, "score": score.score, "asked": score.asked}
    return {**about, "sensitive": score.answer, "answered_at": answered_at}
