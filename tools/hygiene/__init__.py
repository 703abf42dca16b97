"""What every notebook of the course must be like: rules that each return a list of complaints."""

from tools.hygiene import folding, outputs, prose, skeleton
from tools.hygiene.page import RULES, Page

__all__ = ["RULES", "Page", "folding", "outputs", "prose", "skeleton"]
