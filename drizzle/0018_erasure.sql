ALTER TABLE "contacts" ADD COLUMN "erased_at" timestamp with time zone;
--> statement-breakpoint
-- Written by hand. What is known of a person can be erased (docs/operate.md): facts stay as rows, and only what names
-- the person in them is replaced. That is the one change that append-only tables let through, and only the functions
-- below can ask for it: a GUC alone is not enough, the statement must run as the owner of the table.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
	if tg_op = 'UPDATE' and current_setting('app.erasing', true) = 'on'
		and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid)
	then return null;
	end if;
	raise exception '% is append-only: % refused', tg_table_name, lower(tg_op)
		using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
-- A pattern that finds a number or an address only where it is whole: +4930123456 begins +493012345678 as well, and
-- those are two people.
create function whole(what text) returns text language sql immutable set search_path = pg_catalog, pg_temp as $$
	select case when what like '+%' then escaped || '(?![0-9])'
		-- A letter after a backslash is one that JSON escapes, a line feed for example.
		else '(?<!(^|[^\\])[[:alnum:]._%+-])' || escaped || '(?![[:alnum:]_-]|\.[[:alnum:]])' end
	from (select regexp_replace(what, '([^[:alnum:]])', '\\\1', 'g') as escaped) e
$$;
--> statement-breakpoint
-- Puts another text in the place of one, in every text and JSON column of every table of an organisation. Sealed
-- reports are left: they name no number, and their fingerprint says that they are as they were.
create function replace_everywhere(organization int, what text, other text) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
	found_table record;
begin
	for found_table in
		select c.relname as name,
			string_agg(format('%1$I = regexp_replace(%1$I::text, $4, $2, ''g'')::%2$s', a.attname, format_type(a.atttypid, null)), ', ') as changes,
			string_agg(format('position($1 in %I::text) > 0', a.attname), ' or ') as conditions
		from pg_class c join pg_attribute a on a.attrelid = c.oid
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
			and c.relname not in ('usage_reports', 'organizations', 'contacts', 'users', 'invitations')
			and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.atttypid in ('text'::regtype, 'jsonb'::regtype)
			and exists (select 1 from pg_attribute o where o.attrelid = c.oid and o.attname = 'organization_id')
		group by c.relname order by c.relname
	loop
		execute format('update %I set %s where organization_id = $3 and (%s)',
			found_table.name, found_table.changes, found_table.conditions) using what, other, organization, whole(what);
	end loop;
end $$;
--> statement-breakpoint
revoke execute on function replace_everywhere from public;
--> statement-breakpoint
-- A number that nobody has: of a country code that is given to no country, and twelve digits by chance, so that
-- nothing leads back to the number it stands for.
create function number_of_nobody() returns text language sql volatile set search_path = pg_catalog, pg_temp as $$
	select '+999' || lpad((('x' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 12))::bit(48)::bigint
		% 1000000000000)::text, 12, '0')
$$;
--> statement-breakpoint
-- Erases what an organisation knows of a contact and of those merged into it. Every call, charge and event stays, under
-- a number of nobody. As the definer: members may not write most of these tables. Returns what the caller goes on with.
create function erase_contact(organization int, contact uuid, at timestamptz) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	own constant int := nullif(current_setting('app.organization_id', true), '')::int;
	nobody constant text := 'Erased person';
	contact_ids uuid[];
	call_ids uuid[];
	erased record;
	pseudonym text;
begin
	if own is distinct from organization and own is not null then
		raise exception 'not of this organisation' using errcode = 'insufficient_privilege';
	end if;
	perform set_config('app.erasing', 'on', true);
	select array_agg(id) into contact_ids from (select id from contacts
		where organization_id = organization and (id = contact or merged_into = contact) for update) c;
	select coalesce(array_agg(id order by id), '{}') into call_ids from (select id from calls
		where organization_id = organization and (contact_id = any (contact_ids)
			or "to" in (select phone from contacts where id = any (contact_ids))
			or "from" in (select phone from contacts where id = any (contact_ids)))
		order by id for update) c;

	-- Raw bodies and what was said.
	update deliveries set body = '{}', event = null, note = null, body_removed_at = coalesce(body_removed_at, at)
		where call_id = any (call_ids);
	delete from call_transcripts where call_id = any (call_ids);
	delete from notes where organization_id = organization and (contact_id = any (contact_ids) or call_id = any (call_ids));
	update call_back_tasks set note = null, state = case when state = 'open' then 'cancelled' else state end
		where organization_id = organization and (contact_id = any (contact_ids) or call_id = any (call_ids));
	update recordings set state = 'deleted', note = 'The person was erased.', next_attempt_at = null
		where organization_id = organization and call_id = any (call_ids) and state <> 'deleted';

	-- Places that remember a contact by what it was.
	delete from lead_list_members where contact_id = any (contact_ids);
	delete from contact_merges where kept_id = any (contact_ids) or merged_id = any (contact_ids);
	update contact_import_rows set before = null, after = null,
			reason = case when reason is not null then 'The person was erased.' end,
			cells = case when outcome = 'refused' then '[]'::jsonb end
		where organization_id = organization and contact_id = any (contact_ids);
	update campaign_leads set name = nobody where organization_id = organization and contact_id = any (contact_ids);
	update audit_log set before = null, after = jsonb_build_object('contactId', after ->> 'contactId')
		where organization_id = organization and action like 'contact.%'
			and after ->> 'contactId' in (select unnest(contact_ids)::text);
	for erased in select * from contacts where id = any (contact_ids) loop
		update contact_imports set head_rows = '[]' where organization_id = organization
			and position(right(erased.phone, 8) in regexp_replace(head_rows::text, '[^0-9"]', '', 'g')) > 0;
		update contact_import_rows set before = null, after = null,
			reason = case when reason is not null then 'The person was erased.' end,
			cells = case when outcome = 'refused' then '[]'::jsonb end
			where organization_id = organization and (position(right(erased.phone, 8)
				in regexp_replace(concat(before, after, cells), '[^0-9"]', '', 'g')) > 0
				or position(erased.email in concat(before, after, cells)) > 0);
		update live_events set payload = replace(payload::text, to_json(erased.name)::text, to_json(nobody)::text)::jsonb
			where organization_id = organization and position(erased.id::text in payload::text) > 0;
		update deliveries set body = '{}', event = null, note = null, body_removed_at = coalesce(body_removed_at, at)
			where call_id is null and provider <> 'stripe' and body::text ~ whole(erased.phone)
				and coalesce(organization_id, organization) = organization;
		pseudonym := number_of_nobody();
		perform replace_everywhere(organization, erased.phone, pseudonym);
		if erased.email is not null then perform replace_everywhere(organization, erased.email, 'erased'); end if;
		update contacts set phone = pseudonym, name = nobody, email = null, company = null, timezone = null,
			address = null, city = null, region = null, postal_code = null, country = null, about = null, external_id = null,
			do_not_call = true, do_not_call_reason = 'Erased', do_not_call_at = at, archived_at = coalesce(archived_at, at),
			archived_places = null, updated_at = at, erased_at = at where id = erased.id;
	end loop;
	perform set_config('app.erasing', '', true);
	return jsonb_build_object('contacts', cardinality(contact_ids), 'calls', cardinality(call_ids), 'recordings',
		(select count(*) from recordings where organization_id = organization and call_id = any (call_ids)));
end $$;
--> statement-breakpoint
revoke execute on function erase_contact from public;
--> statement-breakpoint
grant execute on function erase_contact to talktime_tenant, talktime_service;
--> statement-breakpoint
-- Erases who a member was: they cannot sign in any more, and what they did stays theirs by an id without a name.
-- Sealed reports keep the names that they were sealed with.
create function erase_member(organization int, member uuid, at timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	own constant int := nullif(current_setting('app.organization_id', true), '')::int;
	nobody constant text := 'Erased person';
	erased users;
	what text;
begin
	if own is distinct from organization and own is not null then
		raise exception 'not of this organisation' using errcode = 'insufficient_privilege';
	end if;
	perform set_config('app.erasing', 'on', true);
	select * into strict erased from users where organization_id = organization and id = member for update;
	delete from sessions where user_id = member;
	delete from api_tokens where user_id = member;
	delete from password_resets where user_id = member;
	delete from recovery_codes where user_id = member;
	delete from known_devices where user_id = member;
	delete from alert_inboxes where user_id = member;
	delete from alert_preferences where user_id = member;
	delete from mails where lower("to") = lower(erased.email);
	delete from sign_in_throttle where position(lower(erased.email) in lower(key)) > 0;
	update invitations set email = 'erased-' || id || '@erased.invalid',
		revoked_at = case when accepted_at is null then coalesce(revoked_at, at) end
		where organization_id = organization and lower(email) = lower(erased.email);
	update audit_log set address = null where actor_user_id = member and address is not null;
	foreach what in array array[to_json(erased.name)::text, to_json(erased.phone)::text, to_json(erased.email)::text] loop
		continue when what is null;
		update audit_log set before = replace(before::text, what, to_json(nobody)::text)::jsonb,
			after = replace(after::text, what, to_json(nobody)::text)::jsonb
			where coalesce(organization_id, organization) = organization and position(what in concat(before, after)) > 0
				and (what <> to_json(erased.name)::text or actor_user_id = member
					or position(member::text in concat(before, after)) > 0
					or position(erased.email in concat(before, after)) > 0);
		update live_events set payload = replace(payload::text, what, to_json(nobody)::text)::jsonb
			where organization_id = organization and position(what in payload::text) > 0
				and position(member::text in payload::text) > 0;
	end loop;
	perform replace_everywhere(organization, erased.email, 'erased');
	update users set name = nobody, email = 'erased-' || id || '@erased.invalid', phone = null, password_hash = 'erased',
		totp_secret = null, totp_enabled_at = null, totp_last_step = null, disabled_at = coalesce(disabled_at, at)
		where id = member;
	perform set_config('app.erasing', '', true);
end $$;
--> statement-breakpoint
revoke execute on function erase_member from public;
--> statement-breakpoint
grant execute on function erase_member to talktime_tenant, talktime_service;
