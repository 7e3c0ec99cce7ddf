DROP INDEX "usage_log_once";--> statement-breakpoint
ALTER TABLE "call_minutes_usage_log" ADD COLUMN "is_external" boolean DEFAULT false NOT NULL;--> statement-breakpoint
alter table call_minutes_usage_log disable trigger user;--> statement-breakpoint
-- Lines of integrations so far: those under an id that one told, but for those that end when a call of ours did.
update call_minutes_usage_log u set is_external = true
from consumptions s
where s.organization_id = u.organization_id and s.call_id = u.call_id and not u.settles_debt
	and not exists (select from calls c where c.organization_id = u.organization_id and c.id::text = u.call_id
		and c.ended_at = u.call_end_time);--> statement-breakpoint
alter table call_minutes_usage_log enable trigger user;--> statement-breakpoint
CREATE UNIQUE INDEX "usage_log_once" ON "call_minutes_usage_log" USING btree ("organization_id","call_id","allocation_id","is_external","settles_debt");
