"""Passkeys by the library webauthn."""
