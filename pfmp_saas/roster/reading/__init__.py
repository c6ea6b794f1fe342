"""Reading of the files that schools have: SIECLE's XML, CSV extractions, spreadsheets. Nothing here writes."""
