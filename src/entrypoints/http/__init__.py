"""HTTP code shared by the REST API, the web UI and the inference service."""
