"""Every read that shows another contact."""
