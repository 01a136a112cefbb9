"""The tables that a dossier fills, in the order of their references, and which of their columns lead where."""

from collections.abc import Mapping

ID = "id"

TABLES: Mapping[str, str] = {
    "cases": "SELECT * FROM cases WHERE id = %(case)s",
    "applications": "SELECT * FROM applications WHERE id = %(case)s",
    "earlier_submissions": "SELECT * FROM earlier_submissions WHERE case_id = %(case)s ORDER BY id",
    "case_events": "SELECT * FROM case_events WHERE case_id = %(case)s ORDER BY id",
    "clock_runs": "SELECT * FROM clock_runs WHERE case_id = %(case)s ORDER BY id",
    "clock_intervals": (
        "SELECT clock_intervals.* FROM clock_intervals JOIN clock_runs ON clock_runs.id = run_id"
        " WHERE case_id = %(case)s ORDER BY clock_intervals.id"
    ),
    "documents": "SELECT * FROM documents WHERE case_id = %(case)s ORDER BY id",
    "document_texts": (
        "SELECT document_texts.* FROM document_texts JOIN documents ON documents.id = document_id"
        " WHERE case_id = %(case)s ORDER BY document_id"
    ),
    "letters": "SELECT * FROM letters WHERE case_id = %(case)s ORDER BY id",
    "decisions": "SELECT * FROM decisions WHERE case_id = %(case)s ORDER BY id",
    "test_regulations": "SELECT * FROM test_regulations WHERE case_id = %(case)s ORDER BY id",
    "messages": "SELECT * FROM messages WHERE case_id = %(case)s ORDER BY id",
    "review_assignments": "SELECT * FROM review_assignments WHERE case_id = %(case)s ORDER BY id",
    "review_scores": (
        "SELECT review_scores.* FROM review_scores JOIN review_assignments ON review_assignments.id = assignment_id"
        " WHERE case_id = %(case)s ORDER BY review_scores.id"
    ),
    "notices": "SELECT * FROM notices WHERE case_id = %(case)s ORDER BY id",
    "audit_entries": "SELECT * FROM audit_entries WHERE stream = 'case:' || %(case)s ORDER BY seq",
}
"""How the rows of one dossier are read."""

HEADS = "audit_heads"
WORDS = "case_words"
FILLED = (*TABLES, HEADS, WORDS)

NUMBERED = tuple(table for table in TABLES if table not in ("cases", "applications", "document_texts"))
"""Tables whose rows take a number of their own for each row."""

REFERENCES: Mapping[str, str] = {
    "run_id": "clock_runs",
    "event_id": "case_events",
    "decision_id": "decisions",
    "document_id": "documents",
    "reused_from_id": "documents",
    "assignment_id": "review_assignments",
}
"""Columns that lead to a row of the same dossier."""

PEOPLE = frozenset(
    {
        "holder_id",
        "created_by_id",
        "person_id",
        "uploaded_by_id",
        "drafted_by_id",
        "issued_by_id",
        "author_id",
        "reviewer_id",
        "assigned_by_id",
    }
)
"""Columns that lead to somebody."""

FACTS: Mapping[str, str] = {
    "document": "documents",
    "signed_original": "documents",
    "assignment": "review_assignments",
}
"""Keys of facts that hold the number of a row of the same dossier."""

FACTS_OF_PEOPLE = frozenset({"person", "holder"})
GENERATED = frozenset({"urgent_at"})
