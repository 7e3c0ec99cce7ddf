CREATE TABLE "allocation_schedules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"minutes" integer NOT NULL,
	"reason" text NOT NULL,
	"priority" integer DEFAULT 100 NOT NULL,
	"expires_after_days" integer,
	"kind" text NOT NULL,
	"day_of_month" integer,
	"next_run_at" timestamp with time zone NOT NULL,
	"last_run_at" timestamp with time zone,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "allocation_schedules_minutes" CHECK ("allocation_schedules"."minutes" between 1 and 1000000),
	CONSTRAINT "allocation_schedules_expiry" CHECK ("allocation_schedules"."expires_after_days" between 1 and 3650),
	CONSTRAINT "allocation_schedules_day" CHECK (("allocation_schedules"."kind" = 'monthly') = ("allocation_schedules"."day_of_month" is not null) and "allocation_schedules"."day_of_month" between 1 and 31)
);
--> statement-breakpoint
CREATE TABLE "budget_periods" (
	"organization_id" integer NOT NULL,
	"budget_id" uuid NOT NULL,
	"period_start" date NOT NULL,
	"used_minutes" integer NOT NULL,
	"held_minutes" integer NOT NULL,
	CONSTRAINT "budget_periods_budget_id_period_start_pk" PRIMARY KEY("budget_id","period_start"),
	CONSTRAINT "budget_periods_used" CHECK ("budget_periods"."used_minutes" >= 0),
	CONSTRAINT "budget_periods_held" CHECK ("budget_periods"."held_minutes" >= 0)
);
--> statement-breakpoint
CREATE TABLE "budgets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"scope" text NOT NULL,
	"user_id" uuid,
	"campaign_id" uuid,
	"period" text NOT NULL,
	"limit_minutes" integer NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "budgets_limit_range" CHECK ("budgets"."limit_minutes" between 1 and 1000000),
	CONSTRAINT "budgets_one_subject" CHECK (("budgets"."scope" = 'user') = ("budgets"."user_id" is not null) and ("budgets"."scope" = 'campaign') = ("budgets"."campaign_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "campaigns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "blocks" ADD COLUMN "way_out" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "campaign_id" uuid;--> statement-breakpoint
ALTER TABLE "credit_holds" ADD COLUMN "drain_cause" text;--> statement-breakpoint
ALTER TABLE "credit_holds" ADD COLUMN "heard_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "allocation_schedules" ADD CONSTRAINT "allocation_schedules_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocation_schedules" ADD CONSTRAINT "allocation_schedules_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "budgets" ADD CONSTRAINT "budgets_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "budgets" ADD CONSTRAINT "budgets_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "allocation_schedules_due" ON "allocation_schedules" USING btree ("next_run_at") WHERE "allocation_schedules"."is_active";--> statement-breakpoint
CREATE INDEX "allocation_schedules_organization" ON "allocation_schedules" USING btree ("organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "budgets_tenant_key" ON "budgets" USING btree ("organization_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "budgets_one_per_subject" ON "budgets" USING btree ("organization_id",(coalesce("user_id", "campaign_id")),"period") WHERE "budgets"."is_active";--> statement-breakpoint
CREATE UNIQUE INDEX "campaigns_tenant_key" ON "campaigns" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "blocks_user" ON "blocks" USING btree ("user_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "calls_organization_day" ON "calls" USING btree ("organization_id","local_day");--> statement-breakpoint
CREATE UNIQUE INDEX "users_tenant_key" ON "users" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "deliveries_not_applied" ON "deliveries" USING btree ("received_at") WHERE "deliveries"."state" in ('failed', 'unmatched');--> statement-breakpoint
alter table budgets
	add constraint budgets_user_same_tenant
	foreign key (organization_id, user_id) references users (organization_id, id) on delete restrict,
	add constraint budgets_campaign_same_tenant
	foreign key (organization_id, campaign_id) references campaigns (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table budget_periods add constraint budget_periods_budget_same_tenant
	foreign key (organization_id, budget_id) references budgets (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table calls add constraint calls_campaign_same_tenant
	foreign key (organization_id, campaign_id) references campaigns (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table budget_periods set (fillfactor = 60);
