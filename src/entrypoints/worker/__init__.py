"""The worker: understands pictures and keeps house, apart from whoever serves."""
