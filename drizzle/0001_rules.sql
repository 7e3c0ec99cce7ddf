-- Written by hand: rules the schema language has no words for.

-- Facts are appended, never edited (DESIGN.md section 4, invariant 4).
create function refuse_change() returns trigger language plpgsql as $$
begin
	raise exception '% is append-only: % refused', tg_table_name, lower(tg_op)
		using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
create trigger call_minutes_usage_log_append_only
	before update or delete or truncate on call_minutes_usage_log
	for each statement execute function refuse_change();
--> statement-breakpoint
create trigger call_minutes_allocation_history_append_only
	before update or delete or truncate on call_minutes_allocation_history
	for each statement execute function refuse_change();
--> statement-breakpoint
create trigger call_status_events_append_only
	before update or delete or truncate on call_status_events
	for each statement execute function refuse_change();
--> statement-breakpoint
create trigger blocks_append_only
	before update or delete or truncate on blocks
	for each statement execute function refuse_change();
--> statement-breakpoint
create trigger audit_log_append_only
	before update or delete or truncate on audit_log
	for each statement execute function refuse_change();
--> statement-breakpoint
create trigger live_events_append_only
	before update or truncate on live_events
	for each statement execute function refuse_change();
--> statement-breakpoint
-- A stream may be resumed for a week; after that the events may be cleared away.
create trigger live_events_kept
	before delete on live_events
	for each row when (old.created_at > now() - interval '7 days') execute function refuse_change();
--> statement-breakpoint

-- Nothing of one organisation refers to another's (invariant 7): the tenant is part of every key.
create unique index calls_tenant_key on calls (organization_id, id);
--> statement-breakpoint
alter table calls add constraint calls_contact_same_tenant
	foreign key (organization_id, contact_id) references contacts (organization_id, id)
	on delete set null (contact_id);
--> statement-breakpoint
alter table lead_list_members
	add constraint lead_list_members_list_same_tenant
	foreign key (organization_id, lead_list_id) references lead_lists (organization_id, id) on delete cascade,
	add constraint lead_list_members_contact_same_tenant
	foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade;
--> statement-breakpoint
alter table call_status_events
	drop constraint call_status_events_call_id_calls_id_fk,
	add constraint call_status_events_call_same_tenant
	foreign key (organization_id, call_id) references calls (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table deliveries add constraint deliveries_call_same_tenant
	foreign key (organization_id, call_id) references calls (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table credit_holds add constraint credit_holds_call_same_tenant
	foreign key (organization_id, call_id) references calls (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table debts add constraint debts_call_same_tenant
	foreign key (organization_id, call_id) references calls (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table call_minutes_usage_log add constraint usage_log_allocation_same_tenant
	foreign key (organization_id, allocation_id) references minute_allocations (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table call_minutes_allocation_history add constraint allocation_history_allocation_same_tenant
	foreign key (organization_id, allocation_id) references minute_allocations (organization_id, id) on delete restrict;
--> statement-breakpoint

-- Rows that change with every call leave room for their next version on the same page.
alter table organization_call_minutes set (fillfactor = 40);
--> statement-breakpoint
alter table minute_allocations set (fillfactor = 60);
--> statement-breakpoint
alter table call_stats_daily set (fillfactor = 60);
--> statement-breakpoint
alter table calls set (fillfactor = 80);
