ALTER TABLE "calls" ADD COLUMN "device" text DEFAULT 'phone' NOT NULL;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "parent_call_id" text;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "records_calls" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "recording_retention_days" integer DEFAULT 90 NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "detects_machines" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "calls_parent_call_key" ON "calls" USING btree ("provider","parent_call_id") WHERE "calls"."parent_call_id" is not null;--> statement-breakpoint
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_retention_range" CHECK ("organizations"."recording_retention_days" between 1 and 3650);