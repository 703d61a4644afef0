"""Downloads model archives over HTTP."""
