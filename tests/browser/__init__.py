"""Every page and picture of the library, looked at in a browser: `make faces`."""
