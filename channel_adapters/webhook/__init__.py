"""Any other platform: signed JSON both ways, after the Standard Webhooks specification."""
