"""What a run is told by options, environment, `.env` and `tongket.toml`, and what holds where nothing is told."""

from __future__ import annotations

from pipeline.settings.layers import SettingsError, load_settings, settings_in_force
from pipeline.settings.model import ROOT, Settings, as_database_url

__all__ = ["ROOT", "Settings", "SettingsError", "as_database_url", "load_settings", "settings_in_force"]
