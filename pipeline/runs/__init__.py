"""What is kept of each run for people and programs: reports, who is told of ill sources, and how things stand."""
