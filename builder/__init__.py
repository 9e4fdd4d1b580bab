"""World2VLM builder: from scenes and camera actions to checked question-answer records."""

__version__ = "0.1.0"
