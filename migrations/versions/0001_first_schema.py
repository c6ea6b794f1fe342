"""First schema."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.security import ALL, APPEND, grant, let_cross, protect
from migrations.security import former_crossing_function as crossing_function
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TENANT_TABLES = [
    "chain_heads",
    "due_items",
    "effects",
    "establishment_settings",
    "evidence_events",
    "hosts",
    "memberships",
    "outbox_events",
    "outgoing_mails",
    "stored_files",
    "students",
    "tenant_authorities",
    "evidence_salts",
    "guardians",
    "signature_requests",
    "conventions",
    "signers",
    "accidents",
    "attestations",
    "convention_parties",
    "evaluations",
    "signing_links",
]
SHARED_TABLES = ["accounts", "establishments", "heartbeats", "sign_in_links"]
APPEND_ONLY = {"evidence_events", "effects"}
FUNCTIONS = [
    "crossing_memberships(uuid)",
    "crossing_signing_link(bytea)",
    "crossing_due_items(timestamptz, int)",
    "crossing_unsent_mails(timestamptz, int)",
    "crossing_pending_outbox(int)",
]


def secure() -> None:
    op.execute("grant usage on schema public to pfmp_app, pfmp_crossing")
    for table in TENANT_TABLES:
        protect(table, APPEND if table in APPEND_ONLY else ALL)
    for table in SHARED_TABLES:
        grant(table, "select, insert, update, delete")
    op.execute("grant create on schema public to pfmp_crossing")
    cross()
    op.execute("revoke create on schema public from pfmp_crossing")


def cross() -> None:
    let_cross("memberships", "tenant_id, id, account_id")
    crossing_function(
        "crossing_memberships",
        "account uuid",
        "select m.tenant_id, m.id from memberships m where m.account_id = account",
    )
    let_cross("signing_links", "tenant_id, id, token_hash")
    crossing_function(
        "crossing_signing_link",
        "hash bytea",
        "select l.tenant_id, l.id from signing_links l where l.token_hash = hash",
    )
    let_cross("due_items", "tenant_id, id, due_at, state")
    crossing_function(
        "crossing_due_items",
        "moment timestamptz, most int",
        "select d.tenant_id, d.id from due_items d where d.state = 'waiting' and d.due_at <= moment"
        " order by d.due_at limit most",
    )
    let_cross("outgoing_mails", "tenant_id, id, state, claimed_at, created_at, attempts")
    crossing_function(
        "crossing_unsent_mails",
        "stale timestamptz, most int",
        "select o.tenant_id, o.id from outgoing_mails o where o.state = 'pending'"
        " or (o.state = 'sending' and o.claimed_at < stale) order by o.attempts, o.created_at limit most",
    )
    let_cross("outbox_events", "tenant_id, id, created_at, handled_at, attempts")
    crossing_function(
        "crossing_pending_outbox",
        "most int",
        "select e.tenant_id, e.id from outbox_events e where e.handled_at is null"
        " order by e.attempts, e.created_at limit most",
    )


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("operator", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
    )
    op.create_table(
        "establishments",
        sa.Column("uai", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("territory", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("type_slug", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_establishments")),
        sa.UniqueConstraint("uai", name=op.f("uq_establishments_uai")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "chain_heads",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_chain_heads_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_heads")),
        sa.UniqueConstraint("tenant_id", "subject", name=op.f("uq_chain_heads_tenant_id_subject")),
    )
    op.create_index(op.f("ix_chain_heads_tenant_id"), "chain_heads", ["tenant_id"], unique=False)
    op.create_table(
        "due_items",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "payload",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_due_items_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_items")),
        sa.UniqueConstraint(
            "tenant_id",
            "kind",
            "subject_id",
            "occurrence",
            name=op.f("uq_due_items_tenant_id_kind_subject_id_occurrence"),
        ),
    )
    op.create_index(op.f("ix_due_items_tenant_id"), "due_items", ["tenant_id"], unique=False)
    op.create_index(
        "ix_due_waiting", "due_items", ["due_at"], unique=False, postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_table(
        "effects",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_effects_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effects")),
        sa.UniqueConstraint(
            "tenant_id",
            "kind",
            "subject_id",
            "occurrence",
            name=op.f("uq_effects_tenant_id_kind_subject_id_occurrence"),
        ),
    )
    op.create_index(op.f("ix_effects_tenant_id"), "effects", ["tenant_id"], unique=False)
    op.create_table(
        "establishment_settings",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("head_name", sa.Text(), nullable=False),
        sa.Column("head_email", sa.Text(), nullable=False),
        sa.Column("board_date", sa.Date(), nullable=True),
        sa.Column("insurer_name", sa.Text(), nullable=False),
        sa.Column("insurer_policy", sa.Text(), nullable=False),
        sa.Column("commune_good_friday", sa.Boolean(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["establishments.id"], name=op.f("fk_establishment_settings_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_establishment_settings")),
    )
    op.create_index(
        op.f("ix_establishment_settings_tenant_id"), "establishment_settings", ["tenant_id"], unique=False
    )
    op.create_table(
        "evidence_events",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["establishments.id"], name=op.f("fk_evidence_events_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_events")),
        sa.UniqueConstraint(
            "tenant_id", "subject", "sequence", name=op.f("uq_evidence_events_tenant_id_subject_sequence")
        ),
    )
    op.create_index(op.f("ix_evidence_events_tenant_id"), "evidence_events", ["tenant_id"], unique=False)
    op.create_table(
        "hosts",
        sa.Column("siret", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "data",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_hosts_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosts")),
        sa.UniqueConstraint("tenant_id", "siret", name=op.f("uq_hosts_tenant_id_siret")),
    )
    op.create_index(op.f("ix_hosts_tenant_id"), "hosts", ["tenant_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_memberships_account_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_memberships_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "tenant_id", "account_id", "role", name=op.f("uq_memberships_tenant_id_account_id_role")
        ),
    )
    op.create_index(op.f("ix_memberships_account_id"), "memberships", ["account_id"], unique=False)
    op.create_index(op.f("ix_memberships_tenant_id"), "memberships", ["tenant_id"], unique=False)
    op.create_table(
        "outbox_events",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column(
            "payload",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["establishments.id"], name=op.f("fk_outbox_events_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_events")),
    )
    op.create_index(op.f("ix_outbox_events_tenant_id"), "outbox_events", ["tenant_id"], unique=False)
    op.create_index(
        "ix_outbox_pending",
        "outbox_events",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("handled_at is null"),
    )
    op.create_table(
        "outgoing_mails",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("recipient_name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=True),
        sa.Column("attachment_name", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["establishments.id"], name=op.f("fk_outgoing_mails_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mails")),
        sa.UniqueConstraint(
            "tenant_id",
            "kind",
            "subject_id",
            "occurrence",
            "recipient",
            name=op.f("uq_outgoing_mails_tenant_id_kind_subject_id_occurrence_recipient"),
        ),
    )
    op.create_index(
        "ix_mail_unsent",
        "outgoing_mails",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state <> 'sent'"),
    )
    op.create_index(op.f("ix_outgoing_mails_tenant_id"), "outgoing_mails", ["tenant_id"], unique=False)
    op.create_table(
        "sign_in_links",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("next_path", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sign_in_links_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_links_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_links_account_id"), "sign_in_links", ["account_id"], unique=False)
    op.create_table(
        "stored_files",
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_stored_files_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
    )
    op.create_index(op.f("ix_stored_files_tenant_id"), "stored_files", ["tenant_id"], unique=False)
    op.create_table(
        "students",
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("class_name", sa.Text(), nullable=False),
        sa.Column("diploma", sa.Text(), nullable=False),
        sa.Column("course_title", sa.Text(), nullable=False),
        sa.Column("course_hours", sa.Integer(), nullable=True),
        sa.Column("medical_opinion_on", sa.Date(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_students_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_students")),
    )
    op.create_index(op.f("ix_students_tenant_id"), "students", ["tenant_id"], unique=False)
    op.create_table(
        "tenant_authorities",
        sa.Column("certificate_pem", sa.Text(), nullable=False),
        sa.Column("root_pem", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["establishments.id"], name=op.f("fk_tenant_authorities_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant_authorities")),
    )
    op.create_index(
        op.f("ix_tenant_authorities_tenant_id"), "tenant_authorities", ["tenant_id"], unique=False
    )
    op.create_table(
        "evidence_salts",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["evidence_events.id"], name=op.f("fk_evidence_salts_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["establishments.id"], name=op.f("fk_evidence_salts_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_salts")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_evidence_salts_event_id_name")),
    )
    op.create_index(op.f("ix_evidence_salts_tenant_id"), "evidence_salts", ["tenant_id"], unique=False)
    op.create_table(
        "guardians",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_guardians_student_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_guardians_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardians")),
    )
    op.create_index(op.f("ix_guardians_student_id"), "guardians", ["student_id"], unique=False)
    op.create_index(op.f("ix_guardians_tenant_id"), "guardians", ["tenant_id"], unique=False)
    op.create_table(
        "signature_requests",
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("evidence_subject", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("frozen_hash", sa.Text(), nullable=False),
        sa.Column("frozen_length", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_signature_requests_file_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["establishments.id"], name=op.f("fk_signature_requests_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature_requests")),
    )
    op.create_index(
        op.f("ix_signature_requests_subject_id"), "signature_requests", ["subject_id"], unique=False
    )
    op.create_index(
        op.f("ix_signature_requests_tenant_id"), "signature_requests", ["tenant_id"], unique=False
    )
    op.create_table(
        "conventions",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("type_slug", sa.Text(), nullable=False),
        sa.Column("type_version", sa.Text(), nullable=False),
        sa.Column(
            "data",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=True),
        sa.Column("student_name", sa.Text(), nullable=False),
        sa.Column("host_name", sa.Text(), nullable=False),
        sa.Column("class_name", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["signature_requests.id"], name=op.f("fk_conventions_request_id")
        ),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_conventions_student_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_conventions_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conventions")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_conventions_tenant_id_number")),
    )
    op.create_index(op.f("ix_conventions_student_id"), "conventions", ["student_id"], unique=False)
    op.create_index(op.f("ix_conventions_tenant_id"), "conventions", ["tenant_id"], unique=False)
    op.create_table(
        "signers",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal_reason", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["signature_requests.id"], name=op.f("fk_signers_request_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_signers_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signers")),
        sa.UniqueConstraint("request_id", "field", name=op.f("uq_signers_request_id_field")),
    )
    op.create_index(op.f("ix_signers_email"), "signers", ["email"], unique=False)
    op.create_index(op.f("ix_signers_request_id"), "signers", ["request_id"], unique=False)
    op.create_index(op.f("ix_signers_tenant_id"), "signers", ["tenant_id"], unique=False)
    op.create_table(
        "accidents",
        sa.Column("convention_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("circumstances", sa.Text(), nullable=False),
        sa.Column("commuting", sa.Boolean(), nullable=False),
        sa.Column("declarant", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_as", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declaration_means", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["convention_id"], ["conventions.id"], name=op.f("fk_accidents_convention_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_accidents_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accidents")),
    )
    op.create_index(op.f("ix_accidents_convention_id"), "accidents", ["convention_id"], unique=False)
    op.create_index(op.f("ix_accidents_tenant_id"), "accidents", ["tenant_id"], unique=False)
    op.create_table(
        "attestations",
        sa.Column("convention_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("effective_days", sa.Numeric(precision=6, scale=1), nullable=True),
        sa.Column("gratification", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["convention_id"], ["conventions.id"], name=op.f("fk_attestations_convention_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["signature_requests.id"], name=op.f("fk_attestations_request_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_attestations_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attestations")),
        sa.UniqueConstraint("convention_id", name=op.f("uq_attestations_convention_id")),
    )
    op.create_index(op.f("ix_attestations_tenant_id"), "attestations", ["tenant_id"], unique=False)
    op.create_table(
        "convention_parties",
        sa.Column("convention_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_convention_parties_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["convention_id"], ["conventions.id"], name=op.f("fk_convention_parties_convention_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["establishments.id"], name=op.f("fk_convention_parties_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_convention_parties")),
        sa.UniqueConstraint(
            "convention_id", "role", "email", name=op.f("uq_convention_parties_convention_id_role_email")
        ),
    )
    op.create_index(
        op.f("ix_convention_parties_account_id"), "convention_parties", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_convention_parties_convention_id"), "convention_parties", ["convention_id"], unique=False
    )
    op.create_index(op.f("ix_convention_parties_email"), "convention_parties", ["email"], unique=False)
    op.create_index(
        op.f("ix_convention_parties_tenant_id"), "convention_parties", ["tenant_id"], unique=False
    )
    op.create_table(
        "evaluations",
        sa.Column("convention_id", sa.Uuid(), nullable=False),
        sa.Column("student_account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "answers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["convention_id"], ["conventions.id"], name=op.f("fk_evaluations_convention_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_account_id"], ["accounts.id"], name=op.f("fk_evaluations_student_account_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["establishments.id"], name=op.f("fk_evaluations_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
        sa.UniqueConstraint("convention_id", name=op.f("uq_evaluations_convention_id")),
    )
    op.create_index(op.f("ix_evaluations_tenant_id"), "evaluations", ["tenant_id"], unique=False)
    op.create_table(
        "signing_links",
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["signer_id"], ["signers.id"], name=op.f("fk_signing_links_signer_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["establishments.id"], name=op.f("fk_signing_links_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_signing_links_token_hash")),
    )
    op.create_index(op.f("ix_signing_links_signer_id"), "signing_links", ["signer_id"], unique=False)
    op.create_index(op.f("ix_signing_links_tenant_id"), "signing_links", ["tenant_id"], unique=False)
    secure()


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
    op.drop_index(op.f("ix_signing_links_tenant_id"), table_name="signing_links")
    op.drop_index(op.f("ix_signing_links_signer_id"), table_name="signing_links")
    op.drop_table("signing_links")
    op.drop_index(op.f("ix_evaluations_tenant_id"), table_name="evaluations")
    op.drop_table("evaluations")
    op.drop_index(op.f("ix_convention_parties_tenant_id"), table_name="convention_parties")
    op.drop_index(op.f("ix_convention_parties_email"), table_name="convention_parties")
    op.drop_index(op.f("ix_convention_parties_convention_id"), table_name="convention_parties")
    op.drop_index(op.f("ix_convention_parties_account_id"), table_name="convention_parties")
    op.drop_table("convention_parties")
    op.drop_index(op.f("ix_attestations_tenant_id"), table_name="attestations")
    op.drop_table("attestations")
    op.drop_index(op.f("ix_accidents_tenant_id"), table_name="accidents")
    op.drop_index(op.f("ix_accidents_convention_id"), table_name="accidents")
    op.drop_table("accidents")
    op.drop_index(op.f("ix_signers_tenant_id"), table_name="signers")
    op.drop_index(op.f("ix_signers_request_id"), table_name="signers")
    op.drop_index(op.f("ix_signers_email"), table_name="signers")
    op.drop_table("signers")
    op.drop_index(op.f("ix_conventions_tenant_id"), table_name="conventions")
    op.drop_index(op.f("ix_conventions_student_id"), table_name="conventions")
    op.drop_table("conventions")
    op.drop_index(op.f("ix_signature_requests_tenant_id"), table_name="signature_requests")
    op.drop_index(op.f("ix_signature_requests_subject_id"), table_name="signature_requests")
    op.drop_table("signature_requests")
    op.drop_index(op.f("ix_guardians_tenant_id"), table_name="guardians")
    op.drop_index(op.f("ix_guardians_student_id"), table_name="guardians")
    op.drop_table("guardians")
    op.drop_index(op.f("ix_evidence_salts_tenant_id"), table_name="evidence_salts")
    op.drop_table("evidence_salts")
    op.drop_index(op.f("ix_tenant_authorities_tenant_id"), table_name="tenant_authorities")
    op.drop_table("tenant_authorities")
    op.drop_index(op.f("ix_students_tenant_id"), table_name="students")
    op.drop_table("students")
    op.drop_index(op.f("ix_stored_files_tenant_id"), table_name="stored_files")
    op.drop_table("stored_files")
    op.drop_index(op.f("ix_sign_in_links_account_id"), table_name="sign_in_links")
    op.drop_table("sign_in_links")
    op.drop_index(op.f("ix_outgoing_mails_tenant_id"), table_name="outgoing_mails")
    op.drop_index("ix_mail_unsent", table_name="outgoing_mails", postgresql_where=sa.text("state <> 'sent'"))
    op.drop_table("outgoing_mails")
    op.drop_index(
        "ix_outbox_pending", table_name="outbox_events", postgresql_where=sa.text("handled_at is null")
    )
    op.drop_index(op.f("ix_outbox_events_tenant_id"), table_name="outbox_events")
    op.drop_table("outbox_events")
    op.drop_index(op.f("ix_memberships_tenant_id"), table_name="memberships")
    op.drop_index(op.f("ix_memberships_account_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_hosts_tenant_id"), table_name="hosts")
    op.drop_table("hosts")
    op.drop_index(op.f("ix_evidence_events_tenant_id"), table_name="evidence_events")
    op.drop_table("evidence_events")
    op.drop_index(op.f("ix_establishment_settings_tenant_id"), table_name="establishment_settings")
    op.drop_table("establishment_settings")
    op.drop_index(op.f("ix_effects_tenant_id"), table_name="effects")
    op.drop_table("effects")
    op.drop_index("ix_due_waiting", table_name="due_items", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index(op.f("ix_due_items_tenant_id"), table_name="due_items")
    op.drop_table("due_items")
    op.drop_index(op.f("ix_chain_heads_tenant_id"), table_name="chain_heads")
    op.drop_table("chain_heads")
    op.drop_table("heartbeats")
    op.drop_table("establishments")
    op.drop_table("accounts")
