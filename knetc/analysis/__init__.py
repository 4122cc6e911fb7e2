"""Facts about a function: kinds, activity, aliases, liveness, and what has to be refused. Nothing is changed here."""
