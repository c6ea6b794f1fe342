"""Who is in front of the screen: school, teacher, company, family, public, platform."""
