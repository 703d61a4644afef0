"""What an applicant sends beside the account: an invitation or a reason, accepted terms, and a proof of work."""

import json
from dataclasses import asdict
from typing import Any

from container import Container
from domain.sign_ups import Application
from entrypoints.web.forms import Form

APPLICATION_FIELDS = ("invite", "reason")


def application_of(form: Form) -> Application:
    return Application(
        form.text("invite").strip() or None,
        form.text("reason"),
        form.number("accepted_terms"),
        form.text("altcha") or None,
    )


async def application_values(container: Container) -> dict[str, Any]:
    """Return what the fields of an application need: the mode of sign-up, the terms, and a new challenge."""
    signing_up, terms = container.signing_up(), await container.terms_publishing().current()
    challenge = signing_up.create_challenge()
    return {
        "mode": signing_up.mode,
        "terms": terms.version if terms else None,
        "challenge": json.dumps(asdict(challenge)) if challenge else None,
    }
