"""What resources of each family say of facts."""
