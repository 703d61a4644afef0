"""The inference service: the eye alone, for other applications and for many API processes."""
