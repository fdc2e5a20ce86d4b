"""``python -m stallsim``."""

from .cli import main

main()
