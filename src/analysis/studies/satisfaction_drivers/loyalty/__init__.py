"""What satisfied customers do next: they stay, they bring money, they bring others."""
