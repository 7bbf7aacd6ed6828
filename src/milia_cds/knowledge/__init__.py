"""The rules and their texts, read from files, checked and frozen."""
