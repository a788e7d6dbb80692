-- A role for Heartbeat: it may count connections and read what your monitors ask for, and nothing else.
-- Run it in the database that is watched, as its owner or as a superuser:
--   psql -d nexus -f docs/postgres-role.sql
-- and then give the role a password, which does not belong into a file:
--   psql -d nexus -c '\password heartbeat'
CREATE ROLE heartbeat LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT CONNECTION LIMIT 10;
ALTER ROLE heartbeat SET default_transaction_read_only = on;
ALTER ROLE heartbeat SET statement_timeout = '30s';
GRANT USAGE ON SCHEMA public TO heartbeat;
-- For 'agents' and 'tokenBudget': these columns suffice, also to count rows.
GRANT SELECT (id, status, updated_at) ON work_orders TO heartbeat;
GRANT SELECT (prompt_tokens, completion_tokens, created_at) ON agent_metrics TO heartbeat;
