"""Pages that tell people what a run, an assessment or a preview found."""
