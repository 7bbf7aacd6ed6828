"""The page on clusters, run in every engine that it names: `make engines`."""
