"""What every package needs: settings, database, tenant scope, outbox, clock, mail, permissions."""
