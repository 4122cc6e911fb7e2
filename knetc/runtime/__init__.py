"""The run-time half that generated code imports: cotangents of every kind of value, and how they are added."""
