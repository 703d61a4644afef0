"""Tracing with OpenTelemetry, sent by OTLP over HTTP."""
