CREATE TABLE "call_stats_breakdowns" (
	"organization_id" integer NOT NULL,
	"dimension" text NOT NULL,
	"day" date NOT NULL,
	"key" text NOT NULL,
	"calls" integer NOT NULL,
	"completed" integer NOT NULL,
	"failed" integer NOT NULL,
	"cancelled" integer NOT NULL,
	"answered" integer NOT NULL,
	"talk_seconds" bigint NOT NULL,
	"talk_seconds_max" integer NOT NULL,
	"billed_minutes" bigint NOT NULL,
	"cost" numeric(18, 6) NOT NULL,
	"cost_min" numeric(18, 6),
	"cost_max" numeric(18, 6),
	"talk_buckets" integer[] NOT NULL,
	CONSTRAINT "call_stats_breakdowns_organization_id_dimension_day_key_pk" PRIMARY KEY("organization_id","dimension","day","key"),
	CONSTRAINT "call_stats_breakdowns_adds_up" CHECK ("call_stats_breakdowns"."calls" = "call_stats_breakdowns"."completed" + "call_stats_breakdowns"."failed" + "call_stats_breakdowns"."cancelled")
);
--> statement-breakpoint
CREATE TABLE "call_stats_queue" (
	"call_id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "call_top_numbers" (
	"organization_id" integer NOT NULL,
	"days" integer NOT NULL,
	"counted_at" timestamp with time zone NOT NULL,
	"numbers" jsonb NOT NULL,
	CONSTRAINT "call_top_numbers_organization_id_days_pk" PRIMARY KEY("organization_id","days")
);
--> statement-breakpoint
ALTER TABLE "call_stats_breakdowns" ADD CONSTRAINT "call_stats_breakdowns_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_stats_queue" ADD CONSTRAINT "call_stats_queue_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_top_numbers" ADD CONSTRAINT "call_top_numbers_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "call_stats_queue_organization" ON "call_stats_queue" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "calls_number" ON "calls" USING btree ("organization_id","to","id" DESC NULLS LAST);