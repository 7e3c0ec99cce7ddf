-- Written by hand: what a search compares. Lower case, without accents; what is no ASCII then becomes `x` and its
-- code, so that trigrams find every script whatever the locale of the database.
create extension if not exists pg_trgm;
--> statement-breakpoint
create extension if not exists btree_gin;
--> statement-breakpoint
create function search_form(value text) returns text language plpgsql immutable strict parallel safe as $$
declare
	simple text;
begin
	if value !~ '[^\x01-\x7f]' then return pg_catalog.lower(value); end if;
	simple := pg_catalog.regexp_replace(
		pg_catalog.lower(pg_catalog.normalize(value, 'NFKD')), '[\u0300-\u036f]', '', 'g');
	if simple !~ '[^\x01-\x7f]' then return simple; end if;
	return (select pg_catalog.string_agg(
			case when pg_catalog.ascii(c) < 128 then c else 'x' || pg_catalog.to_hex(pg_catalog.ascii(c)) end, '' order by n)
		from pg_catalog.regexp_split_to_table(simple, '') with ordinality as t(c, n));
end $$;
--> statement-breakpoint
CREATE TABLE "contact_import_chunks" (
	"organization_id" integer NOT NULL,
	"import_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "contact_import_chunks_import_id_seq_pk" PRIMARY KEY("import_id","seq")
);
--> statement-breakpoint
CREATE TABLE "contact_import_rows" (
	"organization_id" integer NOT NULL,
	"import_id" uuid NOT NULL,
	"row" integer NOT NULL,
	"line" integer NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"contact_id" uuid,
	"before" jsonb,
	"after" jsonb,
	"listed" boolean DEFAULT false NOT NULL,
	"cells" jsonb,
	CONSTRAINT "contact_import_rows_import_id_row_pk" PRIMARY KEY("import_id","row")
);
--> statement-breakpoint
CREATE TABLE "contact_imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"user_id" uuid NOT NULL,
	"file_name" text NOT NULL,
	"byte_size" integer NOT NULL,
	"state" text DEFAULT 'uploading' NOT NULL,
	"encoding" text,
	"delimiter" text,
	"has_header" boolean DEFAULT true NOT NULL,
	"head_rows" jsonb,
	"mapping" jsonb,
	"default_country" text,
	"duplicates" text DEFAULT 'skip' NOT NULL,
	"lead_list_id" uuid,
	"made_list" boolean DEFAULT false NOT NULL,
	"total_rows" integer,
	"done_rows" integer DEFAULT 0 NOT NULL,
	"created_rows" integer DEFAULT 0 NOT NULL,
	"updated_rows" integer DEFAULT 0 NOT NULL,
	"skipped_rows" integer DEFAULT 0 NOT NULL,
	"refused_rows" integer DEFAULT 0 NOT NULL,
	"undone_rows" integer DEFAULT 0 NOT NULL,
	"kept_rows" integer DEFAULT 0 NOT NULL,
	"problem" text,
	"lease_until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "contact_merges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"kept_id" uuid NOT NULL,
	"merged_id" uuid NOT NULL,
	"before" jsonb NOT NULL,
	"after" jsonb NOT NULL,
	"list_ids" jsonb NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"undone_at" timestamp with time zone,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "contact_merges_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1)
);
--> statement-breakpoint
DROP INDEX "contacts_name";--> statement-breakpoint
DROP INDEX "contacts_phone_key";--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "address" text;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "city" text;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "region" text;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "postal_code" text;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "country" text;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "about" text;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "external_id" text;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "do_not_call_reason" text;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "do_not_call_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "updated_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "archived_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "archived_places" jsonb;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "merged_into" uuid;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "import_id" uuid;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "name_key" text GENERATED ALWAYS AS (search_form(name)) STORED;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "company_key" text GENERATED ALWAYS AS (coalesce(search_form(company), '~')) STORED;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "search_text" text GENERATED ALWAYS AS (search_form(name || ' ' || coalesce(company, '') || ' ' || coalesce(email, '') || ' ' || ltrim(phone, '+'))) STORED;--> statement-breakpoint
ALTER TABLE "contact_import_chunks" ADD CONSTRAINT "contact_import_chunks_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_import_rows" ADD CONSTRAINT "contact_import_rows_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_imports" ADD CONSTRAINT "contact_imports_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_merges" ADD CONSTRAINT "contact_merges_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "contact_import_rows_contact" ON "contact_import_rows" USING btree ("contact_id") WHERE "contact_import_rows"."contact_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "contact_imports_tenant_key" ON "contact_imports" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "contact_imports_recent" ON "contact_imports" USING btree ("organization_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "contact_imports_open" ON "contact_imports" USING btree ("state","lease_until");--> statement-breakpoint
CREATE INDEX "contact_merges_kept" ON "contact_merges" USING btree ("organization_id","kept_id","seq");--> statement-breakpoint
CREATE INDEX "contact_merges_merged" ON "contact_merges" USING btree ("organization_id","merged_id");--> statement-breakpoint
CREATE INDEX "contacts_merged" ON "contacts" USING btree ("organization_id","merged_into") WHERE "contacts"."merged_into" is not null;--> statement-breakpoint
CREATE INDEX "contacts_archived_phone" ON "contacts" USING btree ("organization_id","phone") WHERE "contacts"."archived_at" is not null;--> statement-breakpoint
CREATE INDEX "contacts_archived" ON "contacts" USING btree ("organization_id","archived_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE "contacts"."archived_at" is not null;--> statement-breakpoint
CREATE INDEX "contacts_import" ON "contacts" USING btree ("import_id","id") WHERE "contacts"."import_id" is not null;--> statement-breakpoint
CREATE INDEX "contacts_newest" ON "contacts" USING btree ("organization_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE "contacts"."archived_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "contacts_phone_key" ON "contacts" USING btree ("organization_id","phone") WHERE "contacts"."archived_at" is null;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_name_length" CHECK (length("contacts"."name") between 1 and 200);--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_about_length" CHECK (length("contacts"."about") <= 5000);--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_merged_is_archived" CHECK ("contacts"."merged_into" is null or "contacts"."archived_at" is not null);
--> statement-breakpoint
-- What waits to be sorted in is searched row by row: little may wait.
create index contacts_search on contacts using gin (organization_id, search_text gin_trgm_ops)
	with (gin_pending_list_limit = 1024) where archived_at is null;
--> statement-breakpoint
create index audit_log_contact on audit_log (organization_id, (after ->> 'contactId'), id desc)
	where action like 'contact.%';
--> statement-breakpoint
alter table contacts
	add constraint contacts_merged_same_tenant
	foreign key (organization_id, merged_into) references contacts (organization_id, id) on delete restrict,
	add constraint contacts_import_same_tenant
	foreign key (organization_id, import_id) references contact_imports (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table contact_imports
	add constraint contact_imports_user_same_tenant
	foreign key (organization_id, user_id) references users (organization_id, id) on delete restrict,
	add constraint contact_imports_list_same_tenant
	foreign key (organization_id, lead_list_id) references lead_lists (organization_id, id)
	on delete set null (lead_list_id);
--> statement-breakpoint
alter table contact_import_chunks
	add constraint contact_import_chunks_import_same_tenant
	foreign key (organization_id, import_id) references contact_imports (organization_id, id) on delete cascade;
--> statement-breakpoint
alter table contact_import_rows
	add constraint contact_import_rows_import_same_tenant
	foreign key (organization_id, import_id) references contact_imports (organization_id, id) on delete cascade,
	add constraint contact_import_rows_contact_same_tenant
	foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete set null (contact_id);
--> statement-breakpoint
alter table contact_merges
	add constraint contact_merges_kept_same_tenant
	foreign key (organization_id, kept_id) references contacts (organization_id, id) on delete cascade,
	add constraint contact_merges_merged_same_tenant
	foreign key (organization_id, merged_id) references contacts (organization_id, id) on delete cascade,
	add constraint contact_merges_user_same_tenant
	foreign key (organization_id, user_id) references users (organization_id, id) on delete restrict;
--> statement-breakpoint
-- A file is brought in by jobs; its pieces are written by whoever uploads it.
select protect_tenant_table('contact_imports');
select protect_tenant_table('contact_import_chunks');
select protect_tenant_table('contact_import_rows');
select protect_tenant_table('contact_merges');
--> statement-breakpoint
-- Sorted by columns that are kept, so that row-level security lets an index serve them.
create index contacts_name on contacts (organization_id, (name_key collate "C"), id) where archived_at is null;
--> statement-breakpoint
create index contacts_company on contacts (organization_id, (company_key collate "C"), id) where archived_at is null;
--> statement-breakpoint
create index contacts_do_not_call on contacts (organization_id, (name_key collate "C"), id)
	where do_not_call and archived_at is null;
--> statement-breakpoint
-- The contacts of the organisation that is set which a search finds: those whose name begins so, those whose
-- company does, and those that have every part somewhere; of each the first so many. As the definer, because
-- row-level security keeps `like` from using an index. Planned anew each time, for what was typed.
create function search_contacts(typed text, parts jsonb, archived boolean, most int)
returns table (contact_id uuid, is_start boolean)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
	organization constant int := nullif(current_setting('app.organization_id', true), '')::int;
	state constant text := case when archived then 'archived_at is not null' else 'archived_at is null' end;
	somewhere text;
begin
	select string_agg(format('search_text like %L',
			'%' || regexp_replace(search_form(part), '([\\%_])', '\\\1', 'g') || '%'), ' and ')
		into somewhere from jsonb_array_elements_text(parts) as part;
	return query execute format($query$
		select id, bool_or(starts) from (
			(select id, true as starts from contacts where organization_id = $1 and %1$s
				and name_key collate "C" >= $2 and name_key collate "C" < $2 || chr(127)
				order by name_key collate "C", id limit $3)
			union all
			(select id, false from contacts where organization_id = $1 and %1$s
				and company_key collate "C" >= $2 and company_key collate "C" < $2 || chr(127)
				order by company_key collate "C", id limit $3)
			%2$s) found group by id$query$,
		state,
		coalesce('union all (select id, false from contacts where organization_id = $1 and ' || state
			|| ' and ' || somewhere || ' limit $3)', ''))
	using organization, search_form(typed), most;
end $$;
--> statement-breakpoint
revoke execute on function search_contacts from public;
--> statement-breakpoint
grant execute on function search_contacts to talktime_tenant, talktime_service;
--> statement-breakpoint
-- Wakes the worker for an import that is to be worked: members may not reach its queue themselves. Where no worker
-- has run yet there is no queue; the first one looks for such imports by itself.
create function wake_contact_import(import uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform graphile_worker.add_job('work_contact_import', json_build_object('importId', import),
		job_key => 'contact_import:' || import, max_attempts => 1);
exception when invalid_schema_name or undefined_function then null;
end $$;
--> statement-breakpoint
revoke execute on function wake_contact_import from public;
--> statement-breakpoint
grant execute on function wake_contact_import to talktime_tenant, talktime_service;
