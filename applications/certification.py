"""Certification: a second person of the organisation stands for the dossier as it is, before it is sent."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from applications.dossier import canonical
from applications.fields import visible_fields
from applications.models import Application, Document
from applications.packs.model import Pack


@dataclass(frozen=True, slots=True)
class Certificate:
    """Who certified, or was asked to, and when; ``digest`` names what was certified."""

    person_id: int
    at: datetime
    digest: str = ""

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> "Certificate | None":
        if not stored:
            return None
        return cls(stored["person"], datetime.fromisoformat(stored["at"]), stored.get("digest", ""))

    def stored(self) -> dict[str, Any]:
        return {"person": self.person_id, "at": self.at.isoformat(), "digest": self.digest}


def is_demanded(pack: Pack, application: Application) -> bool:
    """Whether the pack demands a certificate; what an officer registers was signed by hand."""
    demanded = pack.certification
    if demanded is None or application.channel != "direct":
        return False
    return demanded.when is None or demanded.when.holds(application.answers)


def given(application: Application) -> Certificate | None:
    """The certificate, valid or not."""
    return Certificate.of(application.certification.get("given"))


def asked(application: Application) -> Certificate | None:
    """Who was asked last to certify."""
    return Certificate.of(application.certification.get("asked"))


def content_digest(pack: Pack, application: Application, documents: Iterable[Document]) -> str:
    """SHA-256 over what is certified: the answers that apply, without what the sender declares, and the files."""
    certified = {
        spec.key for _, spec in visible_fields(pack.sections, application.answers) if spec.type != "declaration"
    }
    answers = {key: value for key, value in application.answers.items() if key in certified}
    files = sorted([document.slot, document.sha256] for document in documents)
    return hashlib.sha256(canonical({"answers": answers, "documents": files})).hexdigest()
