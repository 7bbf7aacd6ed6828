"""The writers: each lays out any sheet in one format, and knows no content."""
