"""Names the call that the system refused, as it stands in the source: ``listen``, ``connect``, ``fork``."""

import ast
import linecache
import traceback


def refused_call(error: BaseException) -> str:
    """The name of the function whose call raised the error; empty if it was not raised.

    Python's OSError names the file, if there is one, but not the call.
    """
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return ""
    last = frames[-1]
    return (_called(last) or last.name).strip("_")


def _called(frame: traceback.FrameSummary) -> str:
    """What the frame's instruction calls (PEP 657); empty if that is no call, or has no source."""
    if frame.lineno is None or frame.lineno != frame.end_lineno:
        return ""
    line = linecache.getline(frame.filename, frame.lineno).encode()
    try:
        match ast.parse(line[frame.colno : frame.end_colno].decode(), mode="eval").body:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
                return name
    except (SyntaxError, UnicodeDecodeError):
        pass  # for example a ``raise`` statement
    return ""
