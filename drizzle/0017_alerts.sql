CREATE TABLE "alert_inboxes" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alert_preferences" (
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"is_mailed" boolean NOT NULL,
	"is_toasted" boolean NOT NULL,
	CONSTRAINT "alert_preferences_user_id_kind_pk" PRIMARY KEY("user_id","kind")
);
--> statement-breakpoint
CREATE TABLE "alert_states" (
	"organization_id" integer,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"phase" text NOT NULL,
	"level" integer NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"told_at" timestamp with time zone,
	"told_level" integer NOT NULL,
	CONSTRAINT "alert_states_key" UNIQUE NULLS NOT DISTINCT("organization_id","kind","subject")
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"level" integer NOT NULL,
	"title" text NOT NULL,
	"message" text NOT NULL,
	"numbers" jsonb NOT NULL,
	"is_told" boolean NOT NULL,
	"raised_at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone,
	CONSTRAINT "alerts_level" CHECK ("alerts"."level" between 1 and 3)
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"url" text NOT NULL,
	"secret" text NOT NULL,
	"previous_secret" text,
	"previous_secret_until" timestamp with time zone,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"body" jsonb NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"send_at" timestamp with time zone NOT NULL,
	"note" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "alert_inboxes" ADD CONSTRAINT "alert_inboxes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_preferences" ADD CONSTRAINT "alert_preferences_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_states" ADD CONSTRAINT "alert_states_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_tenant_key" ON "alerts" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "alerts_recent" ON "alerts" USING btree ("organization_id","raised_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "alerts_open" ON "alerts" USING btree ("organization_id","kind","subject") WHERE "alerts"."resolved_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_endpoints_tenant_key" ON "webhook_endpoints" USING btree ("organization_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_endpoints_url_key" ON "webhook_endpoints" USING btree ("organization_id","url") WHERE "webhook_endpoints"."is_active";--> statement-breakpoint
CREATE INDEX "webhook_messages_waiting" ON "webhook_messages" USING btree ("send_at") WHERE "webhook_messages"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "webhook_messages_recent" ON "webhook_messages" USING btree ("endpoint_id","id" DESC NULLS FIRST);
--> statement-breakpoint

-- Written by hand. Nothing of one organisation refers to another's.
alter table webhook_messages add constraint webhook_messages_endpoint_same_tenant
	foreign key (organization_id, endpoint_id) references webhook_endpoints (organization_id, id) on delete cascade;
--> statement-breakpoint
select protect_tenant_table('alerts', may => 'select');
select protect_tenant_table('alert_inboxes', 'user_id in (select id from users)', may => 'select, insert, update');
select protect_tenant_table('alert_preferences', 'user_id in (select id from users)', may => 'select, insert, update');
select protect_tenant_table('webhook_endpoints', may => 'select, insert, update');
select protect_tenant_table('webhook_messages', may => 'select, insert, update');
-- Only the job that looks for alerts knows where each is in its life.
select close_to_tenants('alert_states');
