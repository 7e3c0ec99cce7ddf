CREATE TABLE "call_end_conflicts" (
	"delivery_id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"call_id" uuid NOT NULL,
	"our_status" text NOT NULL,
	"our_seconds" integer NOT NULL,
	"said_status" text NOT NULL,
	"said_seconds" integer,
	"state" text DEFAULT 'open' NOT NULL,
	"provider_status" text,
	"provider_seconds" integer,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone,
	"resolved_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "provider_bill_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"day" date NOT NULL,
	"state" text NOT NULL,
	"note" text,
	"matches" integer DEFAULT 0 NOT NULL,
	"provider_only" integer DEFAULT 0 NOT NULL,
	"ours_only" integer DEFAULT 0 NOT NULL,
	"mismatches" integer DEFAULT 0 NOT NULL,
	"provider_cost" numeric(18, 6) DEFAULT 0 NOT NULL,
	"charged" numeric(18, 6) DEFAULT 0 NOT NULL,
	"charged_minutes" integer DEFAULT 0 NOT NULL,
	"checked_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "provider_bill_findings" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"check_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"note" text,
	"provider_call_id" text,
	"organization_id" integer,
	"call_id" uuid,
	"to" text NOT NULL,
	"started_at" timestamp with time zone,
	"our_status" text,
	"provider_status" text,
	"our_seconds" integer,
	"provider_seconds" integer,
	"provider_cost" numeric(18, 6),
	"currency" text,
	"charged" numeric(18, 6),
	"charged_minutes" integer,
	"margin" numeric(18, 6)
);
--> statement-breakpoint
CREATE TABLE "caller_ids" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer,
	"provider" text NOT NULL,
	"number" text NOT NULL,
	"country" text NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "caller_ids_number_format" CHECK ("caller_ids"."number" ~ '^\+[1-9][0-9]{5,14}$')
);
--> statement-breakpoint
CREATE TABLE "call_transcripts" (
	"call_id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"transcript" text,
	"summary" text,
	"transcript_at" timestamp with time zone,
	"summary_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recordings" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" integer NOT NULL,
	"call_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"key" text NOT NULL,
	"source_url" text NOT NULL,
	"state" text NOT NULL,
	"seconds" integer,
	"channels" integer,
	"content_type" text,
	"bytes" bigint,
	"storage_key" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone,
	"stored_at" timestamp with time zone,
	"delete_after" timestamp with time zone,
	"note" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "recordings_stored_has_file" CHECK ("recordings"."state" <> 'stored' or "recordings"."storage_key" is not null)
);
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "provider_cost_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "cost_state" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "cost_check_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "cost_attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "answered_by" text;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "provider_fallbacks" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "attempts" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "next_attempt_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "body_removed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "call_end_conflicts" ADD CONSTRAINT "call_end_conflicts_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_bill_findings" ADD CONSTRAINT "provider_bill_findings_check_id_provider_bill_checks_id_fk" FOREIGN KEY ("check_id") REFERENCES "public"."provider_bill_checks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "caller_ids" ADD CONSTRAINT "caller_ids_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "call_end_conflicts_said_key" ON "call_end_conflicts" USING btree ("call_id","said_status",coalesce("said_seconds", -1));--> statement-breakpoint
CREATE INDEX "call_end_conflicts_due" ON "call_end_conflicts" USING btree ("next_attempt_at") WHERE "call_end_conflicts"."state" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "provider_bill_checks_day_key" ON "provider_bill_checks" USING btree ("provider","day");--> statement-breakpoint
CREATE INDEX "provider_bill_findings_check" ON "provider_bill_findings" USING btree ("check_id","kind","id");--> statement-breakpoint
CREATE INDEX "provider_bill_findings_call" ON "provider_bill_findings" USING btree ("call_id");--> statement-breakpoint
CREATE UNIQUE INDEX "caller_ids_active_key" ON "caller_ids" USING btree ("provider","number",coalesce("organization_id", 0)) WHERE "caller_ids"."is_active";--> statement-breakpoint
CREATE INDEX "caller_ids_pool" ON "caller_ids" USING btree ("provider","organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "recordings_call_key" ON "recordings" USING btree ("call_id","key");--> statement-breakpoint
CREATE INDEX "recordings_due" ON "recordings" USING btree ("next_attempt_at") WHERE "recordings"."state" = 'pending';--> statement-breakpoint
CREATE INDEX "recordings_delete_after" ON "recordings" USING btree ("delete_after") WHERE "recordings"."state" = 'stored';--> statement-breakpoint
CREATE INDEX "calls_cost_pending" ON "calls" USING btree ("cost_check_at") WHERE "calls"."cost_state" = 'pending';--> statement-breakpoint
CREATE INDEX "calls_provider_day" ON "calls" USING btree ("provider","initiated_at");--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("next_attempt_at") WHERE "deliveries"."next_attempt_at" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_with_body" ON "deliveries" USING btree ("received_at") WHERE "deliveries"."body_removed_at" is null and "deliveries"."state" in ('applied', 'ignored');--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_cost_known_when_there" CHECK (("calls"."cost_state" = 'known') = ("calls"."provider_cost" is not null));--> statement-breakpoint

-- Written by hand: nothing of one organisation refers to another's.
alter table recordings add constraint recordings_call_same_tenant
	foreign key (organization_id, call_id) references calls (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table call_transcripts add constraint call_transcripts_call_same_tenant
	foreign key (organization_id, call_id) references calls (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table provider_bill_findings add constraint provider_bill_findings_call_same_tenant
	foreign key (organization_id, call_id) references calls (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table call_end_conflicts add constraint call_end_conflicts_call_same_tenant
	foreign key (organization_id, call_id) references calls (organization_id, id) on delete restrict;
