"""Our sleeping tab beside traces of a real browser (docs/browsers.md)."""
