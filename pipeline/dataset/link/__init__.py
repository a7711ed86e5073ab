"""Linking: reprints, reports of one conference, units over time, targets and results."""

from __future__ import annotations

from pipeline.dataset.link.linking import link

__all__ = ["link"]
