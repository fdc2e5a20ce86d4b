"""The version, in a module of its own: the package itself imports the API, which is above the modules that
need it.
"""

__version__ = "0.1.0"
