"""Looks up hashes at a Hasher-Matcher-Actioner server of the ThreatExchange project."""
