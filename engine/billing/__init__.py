"""What merchants pay for: their subscriptions, as the payments vendor has them."""
