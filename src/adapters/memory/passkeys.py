from collections.abc import Sequence

from domain.passkeys import Json, PasskeyOwner, PasskeyVerifier, Site
from domain.second_factors import Passkey, WrongSecondFactor, bad_response_error


class MemoryPasskeyVerifier(PasskeyVerifier):
    """NOT FOR PRODUCTION: without signatures, for tests. A response is `{"id", "challenge", "origin", "counter"}`."""

    def registration_options(self, site: Site, owner: PasskeyOwner, challenge: str, known: Sequence[Passkey]) -> Json:
        excluded = [{"id": one.credential_id.decode()} for one in known]
        user = {"id": str(owner.id), "name": owner.username}
        return {"rp": {"id": site.host}, "user": user, "challenge": challenge, "excludeCredentials": excluded}

    def sign_in_options(self, site: Site, challenge: str) -> Json:
        return {"rpId": site.host, "challenge": challenge}

    def register(self, site: Site, challenge: str, response: Json) -> Passkey:
        return Passkey(self.credential_id(response), b"", _check(site, challenge, response))

    def credential_id(self, response: Json) -> bytes:
        found = response.get("id")
        if not isinstance(found, str):
            raise bad_response_error("it has no id")
        return found.encode("utf-8", "surrogatepass")

    def verify(self, site: Site, challenge: str, response: Json, passkey: Passkey) -> Passkey:
        counter = _check(site, challenge, response)
        if counter <= passkey.sign_count and (counter or passkey.sign_count):
            raise WrongSecondFactor("the counter of the passkey did not grow; start again")
        return Passkey(passkey.credential_id, b"", counter)


def _check(site: Site, challenge: str, response: Json) -> int:
    if (response.get("challenge"), response.get("origin")) != (challenge, site.origin):
        raise WrongSecondFactor("the response is for another site or challenge; start again")
    counter = response.get("counter", 0)
    if not isinstance(counter, int):
        raise bad_response_error("its counter is no number")
    return counter
