"""Every component on one page, for the tests and for people who change the look. No page of the site."""
