"""What goes wrong during a placement: told to the school, settled by measures that are kept."""
