"""The figures of a fleet: the request, each worker's readings, and the fleet at each size."""
