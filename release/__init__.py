"""What `make release` does: build what is released, and use it as users will."""
