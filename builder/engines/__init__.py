"""Where units of work run: what they are is the pipeline's affair."""
