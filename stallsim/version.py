"""The version. The package itself names the API, which is above whoever needs the version."""

__version__ = "0.1.0"
