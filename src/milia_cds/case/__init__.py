"""What is stated of one case, read strictly."""
