ALTER TABLE "organization_call_minutes" ADD COLUMN "guard_levels" jsonb DEFAULT '{"spent":{"level":0,"atMs":0},"placed":{"level":0,"atMs":0},"suspicious":{"level":0,"atMs":0}}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "organization_call_minutes" ADD COLUMN "guard_tripped_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "organization_call_minutes" ADD COLUMN "guard_reason" text;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "allowed_countries" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "price_ceiling" numeric(18, 6) DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "hourly_cap" numeric(18, 6);--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "is_trusted" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "organization_call_minutes" ADD CONSTRAINT "call_minutes_guard_reason" CHECK (("organization_call_minutes"."guard_tripped_at" is null) = ("organization_call_minutes"."guard_reason" is null));
--> statement-breakpoint
-- Written by hand: where an organisation calls already, it may go on calling.
update organizations o set allowed_countries = coalesce((
	select jsonb_agg(distinct s.country) from call_stats_daily s
	where s.organization_id = o.id and s.country not in (o.country, 'ZZ')), '[]');
