"""Linking: reprints, reports of one conference, units over time, targets and results."""

from __future__ import annotations

from pipeline.dataset.link.linking import link, link_within

__all__ = ["link", "link_within"]
