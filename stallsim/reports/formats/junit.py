"""JUnit XML, as continuous integration systems read it: one test case for each check."""

from collections.abc import Sequence
from typing import BinaryIO
from xml.etree import ElementTree as ET

from ...views.clean import clean
from ..account import Check, CheckStatus
from ..found import Found
from ._base import Format


class Junit(Format):
    """JUnit XML: a test case for each check, and a failure for each failed check.

    A check that could not be tested is an error. A check whose result is not known is skipped.
    """

    @classmethod
    def suffixes(cls) -> tuple[str, ...]:
        return ".junit.xml", ".xml"

    def write(self, found: Sequence[Found], out: BinaryIO) -> None:
        root = ET.Element("testsuites")
        root.extend(_suite(one) for one in found)
        out.write(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _suite(found: Found) -> ET.Element:
    account = found.account
    classname = clean(f"stallsim.{account.kind} {account.title}")
    cases = [_case(check, classname) for check in account.checks]
    suite = ET.Element(
        "testsuite",
        name=f"stallsim {account.kind}",
        tests=str(len(cases)),
        failures=str(sum(check.status is CheckStatus.FAILED for check in account.checks)),
        errors=str(sum(check.status is CheckStatus.NOT_TESTED for check in account.checks)),
        skipped=str(sum(check.status is CheckStatus.NOT_KNOWN for check in account.checks)),
        time=f"{account.seconds:.3f}",
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in account.facts:
        ET.SubElement(properties, "property", name=clean(name), value=clean(value))
    suite.extend(cases)
    return suite


def _case(check: Check, classname: str) -> ET.Element:
    case = ET.Element("testcase", classname=classname, name=clean(check.name), time=f"{check.seconds:.3f}")
    message = clean(check.message)
    match check.status:
        case CheckStatus.FAILED:
            ET.SubElement(case, "failure", message=message).text = message
        case CheckStatus.NOT_TESTED:
            ET.SubElement(case, "error", type="not-tested", message=message).text = message
        case CheckStatus.NOT_KNOWN:
            ET.SubElement(case, "skipped", message=message)
        case CheckStatus.PASSED:
            pass
    lines = [*([message] if message else []), *map(clean, check.details)]
    if lines:
        ET.SubElement(case, "system-out").text = "\n".join(lines)
    return case
