"""What service and deposits cost and earn."""
