"""What every notebook of the course must be like: rules that each return a list of complaints."""

from tools.hygiene.folding import FOLDING_RULES
from tools.hygiene.outputs import OUTPUT_RULES
from tools.hygiene.page import Page
from tools.hygiene.prose import PROSE_RULES
from tools.hygiene.skeleton import SKELETON_RULES

RULES = (*OUTPUT_RULES, *SKELETON_RULES, *PROSE_RULES, *FOLDING_RULES)

__all__ = ["RULES", "Page"]
