"""The types of a probe's records: observations of a server, and the result."""
