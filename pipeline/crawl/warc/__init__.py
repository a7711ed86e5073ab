"""The parts of `archive`: WARC records, their payloads and the index beside each file."""
