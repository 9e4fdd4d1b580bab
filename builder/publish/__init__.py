"""Turn a build into what is loaded, shown and published."""
