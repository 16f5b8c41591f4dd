"""A shop's mailbox: shoppers write to it, and are answered in the same thread."""
