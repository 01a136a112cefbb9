"""What the decision file of a deal tells, in one language: its facts, its chapters, and the files to be attached."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from applications.models import Document
from applications.queries.submissions import dossier_facts
from foundation.database import now
from foundation.facts import day_in_words, moment_in_words
from foundation.money import format_vnd
from foundation.wording import in_language
from foundation.workdays import HANOI, local_date
from fund.decisionfile import Chapter
from fund.gates import strands_of
from fund.limits import BREACH, COMPANY_SHARE, Finding
from fund.queries.dealfile import DealFile, deal_file
from fund.queries.deals import Pipeline
from fund.titles import FINDING_TITLES, INSTRUMENT_TITLES, LIMIT_TITLES, VOTE_TITLES, share_in_words


@dataclass(frozen=True, slots=True)
class Contents:
    """All that making the file needs of the database."""

    facts: Mapping[str, str]
    chapters: Sequence[Chapter]
    documents: Sequence[Document]

    @property
    def name(self) -> str:
        return f"{self.facts['code']}.pdf"

    @property
    def size(self) -> int:
        return sum(row.size for row in self.documents)


def contents_of(session: Session, pipeline: Pipeline, key: str, language: str) -> Contents:
    """Raises NotFound: this fund has no such deal, or it is not for this reader."""
    found = deal_file(session, pipeline, key)
    sheet = dossier_facts(session, found.case)
    facts = {
        **{name: in_language(text, language) for name, text in sheet.items() if text is not None},
        "language": language,
        "fund": in_language(pipeline.fund.name, language),
        "company": found.organisation.name_vi,
        "code": found.case.code or found.case.key,
        "state": in_language(found.pack.state_by_key[found.case.state].title, language),
        "exported_at": now().astimezone(HANOI).isoformat(timespec="minutes"),
    }
    documents = sorted(found.files.values(), key=lambda row: row.id)
    return Contents(facts, list(_chapters(found, language)), documents)


def _chapters(found: DealFile, language: str) -> Iterator[Chapter]:
    yield Chapter(_("The deal"), list(_terms(found, language)))
    yield Chapter(
        _("Limits, before anybody decides"),
        [(str(LIMIT_TITLES[one.limit]), _limit(one, language)) for one in found.limits],
    )
    yield Chapter(_("Due diligence"), list(_diligence(found, language)))
    yield Chapter(_("Reviews and conflicts"), list(_reviews(found, language)))
    yield Chapter(_("Votes of the investment body"), list(_votes(found)))
    if found.conditions:
        yield Chapter(_("Conditions precedent"), list(_conditions(found, language)))
    if found.position:
        yield Chapter(_("What the fund holds"), list(_position(found, language)))
    yield Chapter(_("Steps"), list(_steps(found, language)))


def _terms(found: DealFile, language: str) -> Iterator[tuple[str, str]]:
    deal = found.deal
    yield _("Asked for"), format_vnd(deal.asked_vnd, language)
    if deal.amount_vnd and deal.pre_money_vnd and deal.instrument:
        yield _("By the term sheet"), format_vnd(deal.amount_vnd, language)
        yield _("Value before the money"), format_vnd(deal.pre_money_vnd, language)
        yield _("Instrument"), str(INSTRUMENT_TITLES[deal.instrument])
    if proposed := found.last("present"):
        yield _("Proposal"), proposed.data["proposal"]
    if (decision := found.decision) is not None:
        signed = {
            "number": decision.number,
            "day": day_in_words(decision.decided_on, language),
            "name": decision.signatory,
        }
        yield _("Decision"), _("Resolution %(number)s of %(day)s, signed by %(name)s", **signed)


def _limit(one: Finding, language: str) -> str:
    kept = _("Kept") if one.is_kept else _("Not kept")
    if one.limit == BREACH:
        return str(kept)
    if one.limit == COMPANY_SHARE:
        reached, most = (share_in_words(share or Fraction(0), language) for share in (one.reached, one.most))
    else:
        reached, most = format_vnd(int(one.reached or 0), language), format_vnd(int(one.most or 0), language)
    return f"{kept}: {reached} / {_('no limit') if one.most is None else most}"


def _diligence(found: DealFile, language: str) -> Iterator[tuple[str, str]]:
    known = found.diligence()
    for strand, title in strands_of(found.pack).items():
        event = known.get(strand)
        if event is None:
            yield in_language(title, language), _("not recorded yet")
            continue
        made = f"{found.names.get(event.person_id or 0, '')}, {day_in_words(local_date(event.at), language)}"
        yield in_language(title, language), f"{FINDING_TITLES[event.data['finding']]}. {event.data['summary']} ({made})"


def _reviews(found: DealFile, language: str) -> Iterator[tuple[str, str]]:
    titles = {
        one.key: in_language(one.title, language) for one in (found.pack.rubric.criteria if found.pack.rubric else ())
    }
    for row in found.reviews:
        if row.has_conflict:
            yield found.names[row.reviewer_id], _("declared a conflict of interest and was released")
            continue
        scores = "; ".join(f"{titles.get(one.criterion, one.criterion)}: {one.score}" for one in row.scores)
        yield found.names[row.reviewer_id], f"{scores}. {row.summary}" if scores else _("has not declared yet")
    for interest in found.conflicts:
        day = day_in_words(local_date(interest.declared_at), language)
        yield found.names[interest.person_id], _("declared an interest on %(day)s and takes no part", day=day)


def _votes(found: DealFile) -> Iterator[tuple[str, str]]:
    for vote in found.votes:
        said = f"{_('Round')} {vote.round}: {VOTE_TITLES[vote.vote]}"
        if vote.reason:
            said += f". {vote.reason}"
        if vote.is_for_city:
            said += ". " + _("Instruction %(number)s", number=vote.instruction_number)
        yield found.names[vote.person_id], said


def _conditions(found: DealFile, language: str) -> Iterator[tuple[str, str]]:
    for one in found.conditions:
        met = _("met on %(day)s", day=day_in_words(local_date(one.met_at), language)) if one.met_at else one.evidence
        yield f"{one.number}. {one.condition}", met


def _position(found: DealFile, language: str) -> Iterator[tuple[str, str]]:
    held = found.position
    if held is None:
        return
    yield _("Holder of record"), held.holder_of_record
    yield _("Amount paid"), format_vnd(held.paid_vnd, language)
    yield _("Paid on"), day_in_words(held.invested_on, language)
    yield _("First signature"), found.names.get(held.prepared_by_id, "")
    yield _("Second signature"), found.names.get(held.released_by_id, "")
    yield _("Entry of the ledger"), _("No. %(number)s", number=held.entry_id)


def _steps(found: DealFile, language: str) -> Iterator[tuple[str, str]]:
    for event in found.events:
        title = in_language(found.pack.step_by_key[event.step].title, language)
        yield moment_in_words(event.at, language), f"{title} – {found.names.get(event.person_id or 0, '')}"
