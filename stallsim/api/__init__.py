"""The Python API: what ``import stallsim`` offers by name, imported when it is first used."""
