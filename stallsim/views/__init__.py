"""What a timeline looks like. Every view reads a ``Timeline`` and nothing else: replay equals live."""
