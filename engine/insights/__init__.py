"""Roll-ups for the dashboard, and the questions that found no answer."""
