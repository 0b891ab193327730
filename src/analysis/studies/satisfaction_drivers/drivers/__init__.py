"""What goes along with satisfaction, and how sure the order is."""
