"""The web pages, one package for each kind of user: school, teacher, company, family, public, platform."""
