"""The words for phases and events, by what they happen to."""
