"""The standalone inference service, for other applications and for many API processes."""
