"""Precision, recall and accuracy of what was read, against articles that a person annotated."""
