-- The bank of four customers, in a database; the mapping file is core.yml.
drop schema if exists core cascade;
create schema core;
create table core.customers (id text, kind text, region text);
insert into core.customers
  select 'K0000' || n, 'person', 'North' from generate_series(1, 4) n;
create table core.accounts (id text, owner text, opened text, rate numeric);
insert into core.accounts
  select 'A0000' || n, 'K0000' || n, '2024-05-01', 1.5 from generate_series(1, 4) n;
create table core.balances (month date, account text, amount numeric, interest numeric);
insert into core.balances
  select m::date, 'A0000' || n, 12000, 15
  from generate_series(1, 4) n,
       unnest(array['2025-12-31', '2026-01-31', '2026-02-28', '2026-03-31']) m;
create table core.income (month date, customer text, amount numeric);
insert into core.income
  select m::date, 'K0000' || n, 1 from generate_series(1, 4) n,
       unnest(array['2026-01-31', '2026-02-28', '2026-03-31']) m;
