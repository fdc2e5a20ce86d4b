"""Makes the diagram and the table in docs/phases.md from the very table that runs."""

from stallsim.kinds import Phase
from stallsim.phases import TRANSITIONS
from stallsim.verdict.stall import EVIDENCE


def generated() -> str:
    """The diagram, the table of transitions and the list of evidence, as Markdown."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> flowing"]
    lines += [f"    {_id(source)} --> {_id(target)}" for source, target in _arrows()]
    lines += ["```", "", "| to | from any of | when the sample shows that |", "|---|---|---|"]
    for transition in TRANSITIONS:
        sources = sorted(transition.sources, key=list(Phase).index)
        names = ", ".join(f"`{source.value}`" for source in sources)
        lines.append(f"| `{transition.target.value}` | {names} | {transition.words} |")
    lines += ["", "The kernel confirms a stall by one of:", ""]
    lines += [f"- {evidence.name}" for evidence in EVIDENCE]
    return "\n".join(lines) + "\n"


def _arrows() -> list[tuple[Phase, Phase]]:
    """The transitions, without those that only skip a phase on the way."""
    order = list(Phase).index
    every = {(source, one.target) for one in TRANSITIONS for source in one.sources}
    skips = {
        (source, target)
        for source, target in every
        for between in Phase
        if {(source, between), (between, target)} <= every
        and (order(source) if order(source) < order(target) else -1) < order(between) < order(target)
    }
    return sorted(every - skips, key=lambda arrow: (order(arrow[0]), order(arrow[1])))


def _id(phase: Phase) -> str:
    """Mermaid takes no hyphen in a state's name."""
    return phase.value.replace("-", "_")
