"""Mail in the log, for services without a mail server."""
