"""Kept until every importer uses `pipeline.demo_sites`."""

from pipeline.demo_sites import DemoSite, DemoSiteError, RequestLog, Story, load_story

__all__ = ["DemoSite", "DemoSiteError", "RequestLog", "Story", "load_story"]
