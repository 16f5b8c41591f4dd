"""Knowledge: Source -> Document -> Passage and Product."""
