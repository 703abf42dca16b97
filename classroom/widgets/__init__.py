"""Explorers: thin, interactive shells over the pictures of `classroom.viz`. Every chapter uses one.

A name is handed on from the module of its explorer: `expression` (01), `backward` (02), and so on.
"""

from classroom.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    {
        "attention": "AttentionExplorer",
        "backward": "BackwardStepper",
        "base": "Explorer",
        "efficiency": "CostExplorer",
        "expression": "ExpressionExplorer",
        "journey": "NameJourney",
        "lens": "LogitLens",
        "finale": "Finale",
        "mind": "MindExplorer",
        "optimisation": "LearningRates",
        "probabilities": "SoftmaxExplorer",
        "sampling": "NamesExplorer TemperatureExplorer",
        "soft_dictionary": "SoftDictionary",
        "tokens": "TokenizerExplorer",
        "training": "LiveTraining",
    },
)
