"""What the REST API, the page and the inference service share of HTTP."""
