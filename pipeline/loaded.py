"""Importing this loads all that reading needs, for processes that are then forked from this one and share it."""

from __future__ import annotations

import gc

import extractors

# Of what is loaded nothing is garbage, and to look for some takes a tenth of the time.
gc.disable()
# A text of the kind that needs every model.
extractors.read(
    "Sáng 12/1/2024, LĐLĐ tỉnh Cà Mau tổng kết năm 2023, kết nạp 150 đoàn viên, tặng 3 bằng khen, 12 con giống."
)
# What the collector does not touch stays shared.
gc.freeze()
gc.enable()
