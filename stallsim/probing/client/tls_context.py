"""Which server certificates a client trusts."""

import ssl

from ...errors import StallsimError
from ..spec import Target


def tls_context(target: Target) -> ssl.SSLContext:
    """The TLS context that ``verify_tls`` and ``ca_file`` ask for. Raises StallsimError if ``ca_file`` is
    missing or invalid.
    """
    try:
        context = ssl.create_default_context(cafile=target.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise StallsimError(f"`ca_file=` {target.ca_file}: {error}") from None
    if not target.verify_tls:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
