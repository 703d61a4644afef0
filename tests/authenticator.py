"""A passkey in software: it signs as an authenticator with a fingerprint reader does."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

Json = dict[str, Any]

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey. `origin` is the site that the browser shows; `counter` grows with every use."""

    origin: str = "http://tintype.test"
    counter: int = 0
    verifies: bool = True
    credential_id: bytes = b"a passkey of sixteen"
    _key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    def create(self, options: Mapping[str, Any]) -> Json:
        """The response of `navigator.credentials.create`."""
        client_data = self._client_data("webauthn.create", options["challenge"])
        attested = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + self._public_key()
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(options["rp"]["id"], _ATTESTED) + attested}
        return self._response(attestationObject=encode(cbor2.dumps(statement)), clientDataJSON=encode(client_data))

    def get(self, options: Mapping[str, Any]) -> Json:
        """The response of `navigator.credentials.get`."""
        self.counter += 1
        client_data = self._client_data("webauthn.get", options["challenge"])
        data = self._data(options["rpId"])
        signature = self._key.sign(data + hashlib.sha256(client_data).digest(), ECDSA(SHA256()))
        return self._response(
            authenticatorData=encode(data), clientDataJSON=encode(client_data), signature=encode(signature)
        )

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _data(self, host: str, flags: int = 0) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verifies else 0)
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4)

    def _public_key(self) -> bytes:
        numbers = self._key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})

    def _response(self, **response: str) -> Json:
        name = encode(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}


def encode(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
