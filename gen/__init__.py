"""From a question, four sources and some prompts to a site that answers it. See README.md."""
