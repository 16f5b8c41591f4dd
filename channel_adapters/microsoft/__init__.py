"""Azure Bot Service: Teams, Direct Line, web chat and what else it connects, over the Activity protocol."""
