"""Mail by a mail server."""
