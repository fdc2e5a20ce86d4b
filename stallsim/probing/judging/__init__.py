"""From what was seen to what it means: pure rules, each with its reasons."""
