"""What is to happen: a profile's text, checked, becomes a frozen scenario."""
