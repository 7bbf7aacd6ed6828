"""The command `milia-cds`."""
