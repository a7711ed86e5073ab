"""The parts of `parse`: a page's bytes to an article, each step a module. No network, no clock, no files."""
