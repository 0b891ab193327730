"""Nothing that names a customer is published: scan, register and masked errors."""
