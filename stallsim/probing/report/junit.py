"""JUnit XML, as continuous integration systems read it: one case for each stall."""

from xml.etree import ElementTree as ET

from ...views.clean import clean
from ..outcomes import Outcome
from ..result import ProbeResult, StallReport


def junit_xml(result: ProbeResult) -> bytes:
    """A document in UTF-8. A broken threshold is a failure, an inconclusive stall is skipped."""
    cases = [_case(report, result) for report in result.stalls]
    suite = ET.Element(
        "testsuite",
        name="stallsim probe",
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        skipped=str(sum(case.find("skipped") is not None for case in cases)),
        time=f"{result.wall_s:.3f}",
    )
    suite.extend(cases)
    root = ET.Element("testsuites")
    root.append(suite)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _case(report: StallReport, result: ProbeResult) -> ET.Element:
    case = ET.Element(
        "testcase",
        classname=clean(f"stallsim.probe {result.url}"),
        name=report.stall,
        time=f"{report.stalled_s:.3f}",
    )
    broken = [words for words in result.violations if words.startswith(f"{report.stall}: ")]
    if broken:
        failure = ET.SubElement(case, "failure", message=clean("; ".join(broken)))
        failure.text = clean(report.summary)
    elif report.outcome is Outcome.INCONCLUSIVE:
        ET.SubElement(case, "skipped", message=clean(report.summary))
    evidence = [f"{report.outcome.value}, confidence {report.confidence.value}", *report.evidence]
    ET.SubElement(case, "system-out").text = "\n".join(clean(line) for line in evidence)
    return case
