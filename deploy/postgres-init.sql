-- A role for the bridges, and a database that it owns and nobody else may enter. Run by a superuser, with psql.
\set password `cat /run/secrets/bellhop-password`
create role bellhop login password :'password';
create database bellhop owner bellhop;
revoke all on database bellhop from public;
