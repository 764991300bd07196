"""Numbers that stand for something in both engines."""

from __future__ import annotations

# --- time --------------------------------------------------------------------------------------------

CALENDAR, WORK_ENDS, BUYER_ENDS, ARRIVAL, DISPATCH, EXPIRY = range(1, 7)
"""Classes of events at one instant, in the order they run.

Everything that one event causes at once runs before the next class.
"""

CLASS_BITS = 40
"""Events of one class stand in the order of serial numbers of so many bits."""

SEATS = 1 << 20
"""More than any team has; the serial number of a seat's events is team * SEATS + seat, behind the teams'."""

CUSTOMER_SERIALS = 1 << 38
"""Serial numbers of customers lie behind those of all leads, four to a customer, for the kinds of its work."""

CONTACT_SERIALS = 1 << 39
"""Serial numbers of contacts, by team and seat, lie behind those of all leads."""

BUSINESS_DAYS = 2
"""Code of the unit ``bd`` in the table of distributions."""

DELAY_OF_PHASE = 0x8000
"""Index of the draws of a phase's handoff delays: the number of the period is added to it."""

# --- leads -------------------------------------------------------------------------------------------

WAIT, WORK, BUYER, HANDOFF, HELD = range(5)
"""What a visit's time is spent on."""

TOUCH, GIVING, MEETING = range(3)
"""Pieces of work on a lead: a touch, the old rep's part of a handoff, a handoff meeting."""

NO_HEALTH = 2.0
"""Health of what is no customer: behind every customer at risk."""

# --- customers ---------------------------------------------------------------------------------------

CARE, RENEWS, COMPLAINS, EXPANDS, REFERS, CONTRACTS, LAPSES, LATE, OVERDUE, CHURNS = range(10)
"""What falls due for a customer, in the order it happens at one instant.

Care, renewal, complaint, the leads it gives rise to and the steps of a contraction are arrivals; a contract
that is not renewed, the deadlines of a complaint and of an onboarding, and churn are expiries. The first three
are the kinds of work for customers.
"""

NEVER_PAID = -2
"""Stands for the moment at which a first invoice is paid that never is."""
