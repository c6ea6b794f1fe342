"""Names are compared and searched by one folding: that of ``pfmp_saas.core.text``, from the same table of characters."""

import json
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from migrations.security import APP

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLE = Path(__file__).parents[2] / "pfmp_saas" / "core" / "folding.json"
_FOLD = """
create function pfmp_fold(written text) returns text language plpgsql immutable strict parallel safe as $function$
begin
  return btrim(regexp_replace(coalesce((
    select string_agg(coalesce($map${map}$map$::jsonb ->> letter,
      case when ascii(letter) between 44032 and 55203 then normalize(letter, NFD) else letter end), '' order by rank)
    from unnest(string_to_array(written, null)) with ordinality as letters (letter, rank)
  ), ''), ' +', ' ', 'g'), ' ');
end
$function$
"""
"""Hangul syllables (44032 to 55203) are decomposed by reckoning, the same in every version of Unicode."""
_PUPIL = "pfmp_fold(last_name) || chr(10) || pfmp_fold(first_name)"
_CONVENTION = "pfmp_fold(student_name || ' ' || host_name)"


def upgrade() -> None:
    _create_fold()
    op.add_column("students", sa.Column("identity", sa.Text(), sa.Computed(_PUPIL, persisted=True), nullable=False))
    op.create_index("ix_students_identity", "students", ["tenant_id", "identity", "birth_date"])
    folded = sa.Column("folded", sa.Text(), sa.Computed(_CONVENTION, persisted=True), nullable=False)
    op.add_column("conventions", folded)


def _create_fold() -> None:
    read = json.loads(_TABLE.read_text(encoding="utf-8")).items()
    letters = {letter: folded for folded, sources in read for letter in sources if letter != "\x00"}
    made = _FOLD.replace("{map}", json.dumps(letters, ensure_ascii=False))
    op.get_bind().exec_driver_sql(made.replace("%", "%%"))  # else a colon would begin a parameter
    op.execute(f"grant execute on function pfmp_fold(text) to {APP}")


def downgrade() -> None:
    op.drop_column("conventions", "folded")
    op.drop_index("ix_students_identity", "students")
    op.drop_column("students", "identity")
    op.execute("drop function pfmp_fold(text)")
