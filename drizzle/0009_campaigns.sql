CREATE TABLE "campaign_leads" (
	"organization_id" integer NOT NULL,
	"campaign_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"contact_id" uuid,
	"name" text NOT NULL,
	"phone" text NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"reason" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"call_id" uuid,
	"claimed_at" timestamp with time zone,
	"outcome" text,
	CONSTRAINT "campaign_leads_campaign_id_position_pk" PRIMARY KEY("campaign_id","position"),
	CONSTRAINT "campaign_leads_claimed" CHECK (("campaign_leads"."state" <> 'calling') or ("campaign_leads"."call_id" is not null and "campaign_leads"."claimed_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "created_by" uuid;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "kind" text DEFAULT 'server' NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "status" text DEFAULT 'draft' NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "pause_cause" text;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "pause_reason" text;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "probe_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "probes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "is_probing" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "concurrency" integer DEFAULT 5 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "calls_per_second" real DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "pace_due_ms" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "attempts_max" integer DEFAULT 3 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "busy_after_minutes" integer DEFAULT 10;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "no_answer_after_minutes" integer DEFAULT 60;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "failed_after_minutes" integer DEFAULT 30;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "total_leads" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "waiting_leads" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "calling_leads" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "answered_leads" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "unreached_leads" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "skipped_leads" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "talk_seconds" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "billed_minutes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "cost" numeric(18, 6) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "rate_per_minute" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "holdup" text;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "looked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "started_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "ended_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "calling_from_minute" integer DEFAULT 480 NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "calling_until_minute" integer DEFAULT 1260 NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "calling_days" jsonb DEFAULT '[1,2,3,4,5,6,7]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "calls_per_number_day" integer DEFAULT 3 NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "campaign_leads_number" ON "campaign_leads" USING btree ("campaign_id","phone");--> statement-breakpoint
CREATE INDEX "campaign_leads_due" ON "campaign_leads" USING btree ("campaign_id","next_attempt_at","position") WHERE "campaign_leads"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "campaign_leads_calling" ON "campaign_leads" USING btree ("campaign_id") WHERE "campaign_leads"."state" = 'calling';--> statement-breakpoint
CREATE INDEX "campaign_leads_state" ON "campaign_leads" USING btree ("campaign_id","state","position");--> statement-breakpoint
CREATE INDEX "campaign_leads_contact" ON "campaign_leads" USING btree ("contact_id");--> statement-breakpoint
CREATE INDEX "campaigns_recent" ON "campaigns" USING btree ("organization_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "campaigns_alive" ON "campaigns" USING btree ("id") WHERE "campaigns"."status" in ('running', 'paused', 'stopping');--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_name_length" CHECK (length("campaigns"."name") between 1 and 120);--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_concurrency_range" CHECK ("campaigns"."concurrency" between 1 and 200);--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_pace_range" CHECK ("campaigns"."calls_per_second" > 0 and "campaigns"."calls_per_second" <= 200);--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_attempts_range" CHECK ("campaigns"."attempts_max" between 1 and 10);--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_pause_has_cause" CHECK (("campaigns"."status" = 'paused') = ("campaigns"."pause_cause" is not null));--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_leads_add_up" CHECK ("campaigns"."total_leads" = "campaigns"."waiting_leads" + "campaigns"."calling_leads" + "campaigns"."answered_leads" + "campaigns"."unreached_leads" + "campaigns"."skipped_leads" and least("campaigns"."waiting_leads", "campaigns"."calling_leads", "campaigns"."answered_leads", "campaigns"."unreached_leads", "campaigns"."skipped_leads") >= 0);--> statement-breakpoint
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_calling_hours" CHECK ("organizations"."calling_from_minute" >= 0 and "organizations"."calling_from_minute" < "organizations"."calling_until_minute" and "organizations"."calling_until_minute" <= 1440 and "organizations"."calls_per_number_day" between 1 and 20);--> statement-breakpoint

-- Written by hand. Nothing of one organisation refers to another's.
alter table campaign_leads
	add constraint campaign_leads_campaign_same_tenant
	foreign key (organization_id, campaign_id) references campaigns (organization_id, id) on delete cascade,
	add constraint campaign_leads_contact_same_tenant
	foreign key (organization_id, contact_id) references contacts (organization_id, id)
	on delete set null (contact_id);
--> statement-breakpoint
alter table campaigns add constraint campaigns_creator_same_tenant
	foreign key (organization_id, created_by) references users (organization_id, id)
	on delete set null (created_by);
--> statement-breakpoint
-- Rows that change with every call leave room for their next version on the same page.
alter table campaigns set (fillfactor = 40);
--> statement-breakpoint
alter table campaign_leads set (fillfactor = 70);
