-- Run once by the database's administrator. Passwords are the administrator's to set.
-- pfmp_owner runs migrations; pfmp_app serves requests and jobs; pfmp_crossing cannot log in and owns
-- the few functions that cross tenants; pfmp_checkpoint reads every log, signs checkpoints, and nothing else.
do $$
begin
  if not exists (select from pg_roles where rolname = 'pfmp_crossing') then
    create role pfmp_crossing nologin nosuperuser nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'pfmp_owner') then
    create role pfmp_owner login nosuperuser nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'pfmp_app') then
    create role pfmp_app login nosuperuser nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'pfmp_checkpoint') then
    create role pfmp_checkpoint login nosuperuser nobypassrls;
  end if;
end
$$;
grant pfmp_crossing to pfmp_owner;
