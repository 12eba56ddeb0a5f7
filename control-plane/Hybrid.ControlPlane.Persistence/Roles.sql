-- The three roles of Hybrid's database, made once by an administrator of the PostgreSQL server, connected to that database:
--   hybrid-control-plane roles | psql --dbname hybrid
-- hybrid_migrator owns the schema and runs `hybrid-control-plane migrate`; hybrid_app serves: rows only, and only those of one
-- organization at a time; hybrid_reader reads for reports, under the same policies. None of them can pass by row-level security.
-- Repeating it is harmless. Give each role its password (or certificate) afterwards: \password hybrid_app
do $$
declare
  wanted text;
begin
  foreach wanted in array array['hybrid_migrator', 'hybrid_app', 'hybrid_reader'] loop
    begin
      if not exists (select from pg_roles where rolname = wanted) then
        execute format('create role %I login nosuperuser nobypassrls nocreatedb nocreaterole noreplication', wanted);
      end if;
    exception when duplicate_object or unique_violation then
      null; -- Made by somebody else at the same moment.
    end;
  end loop;
  execute format('alter database %I owner to hybrid_migrator', current_database());
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to hybrid_app, hybrid_reader', current_database());
end
$$;
