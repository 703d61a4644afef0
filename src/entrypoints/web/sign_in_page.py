"""The sign-in page, which several routes return."""

from typing import Any

from fastapi import Request, Response

from entrypoints.web.forms import NO_REFUSAL, Refusal
from entrypoints.web.rendering import render_page


async def render_sign_in_page(request: Request, refusal: Refusal = NO_REFUSAL, /, **values: Any) -> Response:
    """Render the page. `terms` is the version that the user is asked to accept, `sent` a form that is continued."""
    defaults = {"next_path": "/", "name": "", "sent": None, "terms": None, "refusal": refusal}
    return await render_page(request, "sign_in.html", refusal.status, **{**defaults, **values})
