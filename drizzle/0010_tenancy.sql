-- Written by hand: no tenant reaches another's rows, whatever a query forgets (DESIGN.md section 4).
-- Members' statements run as talktime_tenant, inside a transaction that sets app.organization_id; the
-- lane, jobs, super admins and the command line run as the database user, who is in talktime_service.
-- Both roles are made by src/lib/server/db/roles.ts before migrations run. A table that is given to
-- nobody here is closed to members: each new table says in its migration whose its rows are.

-- protect_tenant_table('calls')                     the rows of its own organisation, by organization_id
-- protect_tenant_table('organizations', 'id = :organization')   by another rule
-- protect_tenant_table('calls', may => 'select')    read only: others write it
create function protect_tenant_table(
	target regclass,
	whose text default 'organization_id = :organization',
	may text default 'select, insert, update, delete'
) returns void language plpgsql as $$
declare
	-- An init-plan: asked once per statement, so that indexes serve.
	own constant text := replace(whose, ':organization',
		'(select nullif(current_setting(''app.organization_id'', true), '''')::int)');
begin
	perform close_to_tenants(target);
	execute format('create policy tenant on %s to talktime_tenant using (%s) with check (%s)', target, own, own);
	execute format('grant %s on %s to talktime_tenant', may, target);
end $$;
--> statement-breakpoint
-- No member sees or changes a row of it.
create function close_to_tenants(target regclass) returns void language plpgsql as $$
begin
	execute format('alter table %s enable row level security', target);
	execute format('alter table %s force row level security', target);
	execute format('drop policy if exists tenant on %s', target);
	execute format('drop policy if exists service on %s', target);
	execute format('revoke all on %s from talktime_tenant', target);
	execute format('create policy service on %s to talktime_service using (true) with check (true)', target);
end $$;
--> statement-breakpoint
grant usage on schema public to talktime_tenant;
--> statement-breakpoint
-- Written by members.
select protect_tenant_table('organizations', 'id = :organization', may => 'select, update');
select protect_tenant_table('users', may => 'select, insert, update');
select protect_tenant_table('sessions', 'user_id in (select id from users)', may => 'select, insert, update, delete');
select protect_tenant_table('api_tokens', 'user_id in (select id from users)', may => 'select, insert, update, delete');
select protect_tenant_table('contacts');
select protect_tenant_table('lead_lists');
select protect_tenant_table('lead_list_members');
select protect_tenant_table('campaigns');
select protect_tenant_table('campaign_leads');
select protect_tenant_table('recordings', may => 'select, update');
select protect_tenant_table('stripe_customers', may => 'select, insert, update');
select protect_tenant_table('mails', may => 'select, insert');
select protect_tenant_table('sales_requests', may => 'select, insert');
select protect_tenant_table('audit_log', may => 'select, insert');
--> statement-breakpoint
-- Written by the lane, jobs and super admins; read by members.
select protect_tenant_table('calls', may => 'select');
select protect_tenant_table('call_status_events', may => 'select');
select protect_tenant_table('call_transcripts', may => 'select');
select protect_tenant_table('blocks', may => 'select');
select protect_tenant_table('live_events', may => 'select');
select protect_tenant_table('organization_call_minutes', may => 'select');
select protect_tenant_table('minute_allocations', may => 'select');
select protect_tenant_table('call_minutes_allocation_history', may => 'select');
select protect_tenant_table('call_minutes_usage_log', may => 'select');
select protect_tenant_table('allocation_schedules', may => 'select');
select protect_tenant_table('consumptions', may => 'select');
select protect_tenant_table('credit_holds', may => 'select');
select protect_tenant_table('debts', may => 'select');
select protect_tenant_table('call_balance', may => 'select');
select protect_tenant_table('balance_transactions', may => 'select');
select protect_tenant_table('payments', may => 'select');
select protect_tenant_table('auto_refills', may => 'select');
select protect_tenant_table('budgets', may => 'select');
select protect_tenant_table('budget_periods', may => 'select');
select protect_tenant_table('call_stats_daily', may => 'select');
select protect_tenant_table('call_stats_queue', may => 'select');
select protect_tenant_table('call_stats_breakdowns', may => 'select');
select protect_tenant_table('call_top_numbers', may => 'select');
select protect_tenant_table('call_end_conflicts', may => 'select');
select protect_tenant_table('deliveries', may => 'select');
--> statement-breakpoint
-- The same for everybody: the price list, whom to ask for minutes, and numbers that every organisation may call from.
select protect_tenant_table('rates', 'true', may => 'select');
select protect_tenant_table('platform_settings', 'true', may => 'select');
select protect_tenant_table('caller_ids', 'organization_id = :organization or organization_id is null', may => 'select');
--> statement-breakpoint
-- Our bills with the providers, what jobs remember, and the throttle are no member's to see.
select close_to_tenants('provider_bill_checks');
select close_to_tenants('provider_bill_findings');
select close_to_tenants('read_cursors');
select close_to_tenants('sign_in_throttle');
