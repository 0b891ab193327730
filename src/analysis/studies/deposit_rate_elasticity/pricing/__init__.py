"""What to charge: cost of new money at the margin, volume against margin."""
