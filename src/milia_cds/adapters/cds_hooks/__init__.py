"""CDS Hooks 2.0: a service that a clinic's program calls, and the form it links to."""
