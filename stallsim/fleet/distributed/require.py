"""Whether Dask is installed. Imports nothing of it."""

from importlib.util import find_spec

from ...errors import Unavailable


def require_dask() -> None:
    """Raises Unavailable, which says what to install."""
    if find_spec("distributed") is None:
        raise Unavailable("workers", "Dask is not installed", "pip install 'stallsim[distributed]'")
