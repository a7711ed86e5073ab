"""The demo's news sites: text files rendered as sites of different making, served on this machine's loopback."""

from pipeline.demo_sites.faults import Fault, parse_fault
from pipeline.demo_sites.log import Answer, RequestLog
from pipeline.demo_sites.render import Page
from pipeline.demo_sites.server import FOLDER, PORT, SITES, DemoSite, serve_all
from pipeline.demo_sites.story import Block, DemoSiteError, Story, load_story

__all__ = [
    "FOLDER",
    "PORT",
    "SITES",
    "Answer",
    "Block",
    "DemoSite",
    "DemoSiteError",
    "Fault",
    "Page",
    "RequestLog",
    "Story",
    "load_story",
    "parse_fault",
    "serve_all",
]
