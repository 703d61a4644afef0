"""Settings of sign-up, sign-in and sessions."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from domain.sign_ups import SignUpMode
from domain.tokens import FactorRequirement
from entrypoints import choices, setting_checks


class SignInSettings(BaseSettings):
    """A part of `Settings`."""

    # Sign-up
    sign_up: SignUpMode = SignUpMode.OPEN
    """Who may create an account: everybody (`open`), everybody after the approval of a moderator (`approval`), who has
    an invitation (`invite`), or nobody (`closed`). Operators always can, with `tintype user add`."""
    altcha_secret: SecretStr | None = Field(default=None, min_length=32)
    """A random text of 32 characters or more, equal in all processes. With it, a sign-up without an invitation needs a
    proof of work of ALTCHA, which browsers compute with JavaScript on HTTPS or localhost. Empty: no proof of work."""

    # Sessions
    token_days: int = Field(default=30, ge=1, le=3650)
    """Days until a session ends."""
    require_second_factor: FactorRequirement = FactorRequirement.NONE
    """`moderators`: they and administrators have the rights of a user until they use a second factor."""
    oidc_issuer: Annotated[str, AfterValidator(setting_checks.check_public_url)] = ""
    """Address of an OpenID Connect provider whose users can sign in here, `https://…`, exactly as in its metadata. Its
    redirect address is `/sign-in/provider/callback` of this site."""
    oidc_client_id: str = ""
    """Client id of this site at the provider. Needs `TINTYPE_OIDC_ISSUER`."""
    oidc_client_secret: SecretStr = SecretStr("")
    """Client secret of this site at the provider. Empty for a public client."""
    oidc_name: str = "single sign-on"
    """Name of the provider on the pages: “Sign in with …”."""
    oidc_create: choices.OidcCreate = choices.OidcCreate.ON
    """Whether the provider's users without an account here may create one."""
    max_streams: int = Field(default=1000, ge=1)
    """Open notification streams of one API process."""
    session_check_seconds: float = Field(default=15, gt=0, le=30)
    """Interval in seconds of checking that the sessions of open streams are valid."""

    @model_validator(mode="after")
    def _check_provider(self) -> Self:
        setting_checks.check_provider(self.oidc_issuer, self.oidc_client_id)
        return self

    def sign_in_config(self) -> dict[str, Any]:
        """These settings as values for the container."""
        return {
            "proof_of_work": "altcha" if self.altcha_secret else "off",
            "altcha_secret": self.altcha_secret and self.altcha_secret.get_secret_value(),
            "passkeys": "webauthn",
            "identity_provider": "oidc" if self.oidc_issuer else "off",
            "oidc_client_secret": self.oidc_client_secret.get_secret_value(),
            "oidc_creates_accounts": self.oidc_create is choices.OidcCreate.ON,
        }
