"""What posted rates and interest expense become on paths of the policy rate."""
