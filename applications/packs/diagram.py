"""The workflow of a pack as a drawing and as tables for the documents, made from the pack alone."""

from collections.abc import Iterable, Iterator

from applications.packs.model import INTERNAL, Pack, Step
from foundation.wording import in_language


def mermaid(pack: Pack, language: str) -> str:
    """The workflow as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"  %% {pack.code} version {pack.version}"]
    lines += [f'  state "{_plain(in_language(state.title, language))}" as {state.key}' for state in pack.states]
    begins = [pack.initial] if pack.begins else pack.states
    lines += [f"  [*] --> {state.key}" for state in begins]
    lines += [
        f"  {source} --> {step.to or source}: {_plain(in_language(step.title, language))}"
        for step in pack.steps
        for source in step.sources
    ]
    lines += [f"  {state.key} --> [*]" for state in pack.states if state.kind == "final"]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return text.replace('"', "'").replace(":", " –").replace("\n", " ")


def permission_rows(pack: Pack) -> Iterator[tuple[str, str, str, str, str]]:
    """For each step: title, from, to, who, basis: the pack's part of the permission matrix."""
    for step in pack.steps:
        yield step.key, ", ".join(step.sources), step.to or "–", step.who.text, _basis(pack, step)


def _basis(pack: Pack, step: Step) -> str:
    return INTERNAL if step.basis == INTERNAL else in_language(pack.sources[step.basis].title, "en")


def document(packs: Iterable[Pack]) -> str:
    """The page on permissions and workflows, made from the packs, never by hand."""
    parts = ["# Permissions and workflows\n", "Made by `flask procedures document`; do not edit.\n"]
    for pack in packs:
        parts.append(f"## {in_language(pack.title, 'en')} (`{pack.code}`, version {pack.version})\n")
        parts.append("| step | from | to | who | basis |\n|---|---|---|---|---|")
        parts += [f"| {' | '.join(cell.replace('|', 'or') for cell in row)} |" for row in permission_rows(pack)]
        parts.append(f"\n```mermaid\n{mermaid(pack, 'en')}```\n")
    return "\n".join(parts)
