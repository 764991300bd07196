"""Exports that are known by their headers, one module a program; the first that fits is taken."""

from __future__ import annotations

from ..pieces import Layout
from . import dynamics, eventlog, hubspot, odoo, own, pipedrive, salesforce_fields, salesforce_history, zoho

LAYOUTS: tuple[Layout, ...] = (
    *own.LAYOUTS,
    *eventlog.LAYOUTS,
    *hubspot.LAYOUTS,
    *pipedrive.LAYOUTS,
    *salesforce_fields.LAYOUTS,
    *salesforce_history.LAYOUTS,
    *zoho.LAYOUTS,
    *dynamics.LAYOUTS,
    *odoo.LAYOUTS,
)
"""All layouts, those with the surest signs first."""
