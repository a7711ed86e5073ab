"""People's review: what to look at goes out as a table, what they decide comes back and stays."""
