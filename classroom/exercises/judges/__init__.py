"""Judges of properties, too long for a chapter's file."""
