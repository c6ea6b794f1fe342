"""Reading what a log's key and its witnesses signed: checkpoints and cosignatures."""
