"""A small OpenID Connect provider on this machine: discovery, keys, PKCE, codes for one use, signed ID tokens."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "tintype", "a secret of the client, long enough"

Json = dict[str, Any]


@dataclass
class FakeProvider:
    """`user` are the claims of the user who is signed in there. `claims` replace claims of the ID token; None omits
    one. `signing_key` replaces the key."""

    url: str = ""
    user: Json = field(default_factory=lambda: {"sub": "u-1", "email": "ada@example.org", "email_verified": True})
    claims: Json = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first"}))
    signing_key: RSAKey | OctKey | None = None
    algorithm: str = "RS256"
    codes: dict[str, Json] = field(default_factory=dict)

    def answer(self, method: str, path: str, body: str, headers: Any) -> tuple[int, Any]:
        target = urlsplit(path)
        sent = dict(parse_qsl(body if method == "POST" else target.query))
        match target.path:
            case "/.well-known/openid-configuration":
                paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
                return 200, {"issuer": self.url, **{name: f"{self.url}/{end}" for name, end in paths.items()}}
            case "/keys":
                return 200, {"keys": [self.key.as_dict(private=False)]}
            case "/authorize":
                return self._authorize(sent)
            case "/token":
                return self._exchange(sent, headers.get("Authorization", ""))
        return 404, {}

    def _authorize(self, sent: Json) -> tuple[int, Any]:
        known = {"response_type": "code", "client_id": CLIENT_ID, "code_challenge_method": "S256"}
        if any(sent.get(name) != value for name, value in known.items()) or "openid" not in sent["scope"].split():
            return 400, {"error": "invalid_request"}
        code = f"code-{len(self.codes)}"
        self.codes[code] = sent
        return 302, sent["redirect_uri"] + "?" + urlencode({"code": code, "state": sent["state"]})

    def _exchange(self, sent: Json, authorization: str) -> tuple[int, Any]:
        credentials = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        asked = self.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if authorization != f"Basic {credentials}":
            return 401, {"error": "invalid_client"}
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != sent.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self._id_token(asked["nonce"])}

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        standard = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 60, "nonce": nonce}
        claims = {name: value for name, value in {**standard, **self.user, **self.claims}.items() if value is not None}
        key = self.signing_key or self.key
        return jwt.encode({"alg": self.algorithm, "kid": key.kid}, claims, key, algorithms=[self.algorithm])


@contextmanager
def run_provider() -> Iterator[FakeProvider]:
    provider = FakeProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET", "")

        def do_POST(self) -> None:
            self._answer("POST", self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _answer(self, method: str, body: str) -> None:
            status, content = provider.answer(method, self.path, body, self.headers)
            data = b"" if isinstance(content, str) else json.dumps(content).encode()
            self.send_response(status)
            if isinstance(content, str):
                self.send_header("Location", content)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Keep the output of tests free of requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
