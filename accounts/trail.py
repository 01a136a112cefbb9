"""What the audit trail remembers of accounts: one chain for each person, organisation and unit."""

from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from foundation import audit
from foundation.actors import Actor


def record(session: Session, actor: Actor, action: str, subject: tuple[str, int], **facts: Any) -> None:
    """Append to the chain of ``subject``; ``facts`` hold keys and codes, never personal data."""
    kind, key = subject
    audit.append(session, f"{kind}:{key}", actor=actor, action=action, facts=facts, subject=subject)


def register_actions() -> None:
    """Add the actions of this package to the closed vocabulary."""
    audit.register_actions(
        {
            "accounts:person:create": lazy_gettext("Account created"),
            "accounts:person:invite": lazy_gettext("Person invited"),
            "accounts:person:update": lazy_gettext("Profile changed"),
            "accounts:notices:choose": lazy_gettext("Ways of being told of notices chosen"),
            "accounts:person:confirm_email": lazy_gettext("E-mail address confirmed"),
            "accounts:person:disable": lazy_gettext("Account disabled"),
            "accounts:person:enable": lazy_gettext("Account enabled again"),
            "accounts:password:change": lazy_gettext("Password changed"),
            "accounts:password:reset": lazy_gettext("Password set by a mailed link"),
            "accounts:session:open": lazy_gettext("Signed in"),
            "accounts:session:close": lazy_gettext("Signed out"),
            "accounts:session:revoke": lazy_gettext("Session ended from another place"),
            "accounts:role:grant": lazy_gettext("Role granted"),
            "accounts:role:revoke": lazy_gettext("Role revoked"),
            "accounts:token:create": lazy_gettext("Access token created"),
            "accounts:token:revoke": lazy_gettext("Access token revoked"),
            "accounts:organisation:register": lazy_gettext("Organisation registered"),
            "accounts:organisation:update": lazy_gettext("Details of the organisation changed"),
            "accounts:member:invite": lazy_gettext("Member invited"),
            "accounts:member:add": lazy_gettext("Member joined"),
            "accounts:member:change": lazy_gettext("Member’s role changed"),
            "accounts:member:remove": lazy_gettext("Member left"),
            "accounts:unit:create": lazy_gettext("Unit created"),
            "accounts:unit:update": lazy_gettext("Unit changed"),
        }
    )
