"""The version of the library, which every result names."""

VERSION = "0.2.0"
