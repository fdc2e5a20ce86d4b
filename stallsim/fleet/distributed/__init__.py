"""A fleet on several machines, through Dask: each worker holds a share of the clients as an actor."""
