"""FHIR that is read and written, held against other programs: `make interop`."""
