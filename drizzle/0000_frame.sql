CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organization_id" integer,
	"actor_kind" text NOT NULL,
	"actor_user_id" uuid,
	"action" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "blocks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "blocks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organization_id" integer NOT NULL,
	"user_id" uuid,
	"to" text NOT NULL,
	"code" text NOT NULL,
	"message" text NOT NULL,
	"numbers" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "call_stats_daily" (
	"organization_id" integer NOT NULL,
	"day" date NOT NULL,
	"country" text NOT NULL,
	"total" integer NOT NULL,
	"completed" integer NOT NULL,
	"failed" integer NOT NULL,
	"cancelled" integer NOT NULL,
	"talk_seconds" bigint NOT NULL,
	"billed_minutes" bigint NOT NULL,
	CONSTRAINT "call_stats_daily_organization_id_day_country_pk" PRIMARY KEY("organization_id","day","country")
);
--> statement-breakpoint
CREATE TABLE "call_status_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "call_status_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organization_id" integer NOT NULL,
	"call_id" uuid NOT NULL,
	"delivery_id" uuid,
	"source" text NOT NULL,
	"status" text NOT NULL,
	"raw_status" text NOT NULL,
	"effect" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calls" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"user_id" uuid,
	"contact_id" uuid,
	"provider" text NOT NULL,
	"provider_call_id" text,
	"submit_state" text NOT NULL,
	"idempotency_key" text,
	"direction" text DEFAULT 'outbound' NOT NULL,
	"from" text NOT NULL,
	"to" text NOT NULL,
	"country" text NOT NULL,
	"local_day" date NOT NULL,
	"status" text NOT NULL,
	"end_reason" text,
	"initiated_at" timestamp with time zone NOT NULL,
	"ringing_at" timestamp with time zone,
	"answered_at" timestamp with time zone,
	"answered_estimated" boolean DEFAULT false NOT NULL,
	"ended_at" timestamp with time zone,
	"duration" integer,
	"billed_minutes" integer,
	"time_limit_seconds" integer NOT NULL,
	"provider_cost" numeric(18, 6),
	"provider_cost_currency" text,
	"live_seq" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "calls_ended_exactly_when_terminal" CHECK (("calls"."ended_at" is not null) = ("calls"."status" in ('completed', 'failed', 'cancelled'))),
	CONSTRAINT "calls_duration_range" CHECK ("calls"."duration" between 0 and 86400),
	CONSTRAINT "calls_billed_covers_talk" CHECK ("calls"."billed_minutes" is null or "calls"."billed_minutes" * 60 >= coalesce("calls"."duration", 0) or "calls"."status" <> 'completed')
);
--> statement-breakpoint
CREATE TABLE "contacts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"phone" text NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"company" text,
	"timezone" text,
	"last_called_at" timestamp with time zone,
	"do_not_call" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "contacts_phone_e164" CHECK ("contacts"."phone" ~ '^\+[1-9][0-9]{5,14}$')
);
--> statement-breakpoint
CREATE TABLE "lead_list_members" (
	"organization_id" integer NOT NULL,
	"lead_list_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "lead_list_members_lead_list_id_contact_id_pk" PRIMARY KEY("lead_list_id","contact_id")
);
--> statement-breakpoint
CREATE TABLE "lead_lists" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "live_events" (
	"organization_id" integer NOT NULL,
	"seq" bigint NOT NULL,
	"transaction_id" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"name" text NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "live_events_organization_id_seq_pk" PRIMARY KEY("organization_id","seq")
);
--> statement-breakpoint
CREATE TABLE "call_minutes_allocation_history" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "call_minutes_allocation_history_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organization_id" integer NOT NULL,
	"allocation_id" uuid,
	"kind" text NOT NULL,
	"minutes" integer NOT NULL,
	"reason" text NOT NULL,
	"expires_at" timestamp with time zone,
	"allocated_by" uuid,
	"allocated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "call_minutes_usage_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "call_minutes_usage_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organization_id" integer NOT NULL,
	"call_id" text NOT NULL,
	"allocation_id" uuid NOT NULL,
	"minutes_consumed" integer NOT NULL,
	"settles_debt" boolean DEFAULT false NOT NULL,
	"call_start_time" timestamp with time zone NOT NULL,
	"call_end_time" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "usage_log_minutes" CHECK ("call_minutes_usage_log"."minutes_consumed" > 0)
);
--> statement-breakpoint
CREATE TABLE "credit_holds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"call_id" uuid NOT NULL,
	"state" text NOT NULL,
	"held_minutes" integer NOT NULL,
	"parts" jsonb NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"check_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	CONSTRAINT "credit_holds_minutes" CHECK ("credit_holds"."held_minutes" >= 0)
);
--> statement-breakpoint
CREATE TABLE "debts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"call_id" uuid NOT NULL,
	"minutes" integer NOT NULL,
	"remaining_minutes" integer NOT NULL,
	"call_start_time" timestamp with time zone NOT NULL,
	"call_end_time" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "debts_remaining" CHECK ("debts"."remaining_minutes" between 0 and "debts"."minutes")
);
--> statement-breakpoint
CREATE TABLE "minute_allocations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"minutes" integer NOT NULL,
	"remaining_minutes" integer NOT NULL,
	"held_minutes" integer DEFAULT 0 NOT NULL,
	"priority" integer DEFAULT 100 NOT NULL,
	"reason" text NOT NULL,
	"expires_at" timestamp with time zone,
	"allocated_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "minute_allocations_minutes" CHECK ("minute_allocations"."minutes" between 1 and 10000000),
	CONSTRAINT "minute_allocations_remaining" CHECK ("minute_allocations"."remaining_minutes" between 0 and "minute_allocations"."minutes"),
	CONSTRAINT "minute_allocations_held" CHECK ("minute_allocations"."held_minutes" between 0 and "minute_allocations"."remaining_minutes")
);
--> statement-breakpoint
CREATE TABLE "organization_call_minutes" (
	"organization_id" integer PRIMARY KEY NOT NULL,
	"total_minutes" integer DEFAULT 0 NOT NULL,
	"used_minutes" integer DEFAULT 0 NOT NULL,
	"held_minutes" integer DEFAULT 0 NOT NULL,
	"debt_minutes" integer DEFAULT 0 NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"live_calls" integer DEFAULT 0 NOT NULL,
	"live_seq" bigint DEFAULT 0 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "call_minutes_used_range" CHECK ("organization_call_minutes"."used_minutes" between 0 and "organization_call_minutes"."total_minutes"),
	CONSTRAINT "call_minutes_held_range" CHECK ("organization_call_minutes"."held_minutes" >= 0 and "organization_call_minutes"."held_minutes" <= "organization_call_minutes"."total_minutes" - "organization_call_minutes"."used_minutes"),
	CONSTRAINT "call_minutes_debt_positive" CHECK ("organization_call_minutes"."debt_minutes" >= 0),
	CONSTRAINT "call_minutes_live_calls_positive" CHECK ("organization_call_minutes"."live_calls" >= 0)
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "organizations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"slug" text NOT NULL,
	"timezone" text DEFAULT 'UTC' NOT NULL,
	"country" text DEFAULT 'US' NOT NULL,
	"billing_mode" text DEFAULT 'minutes_then_wallet' NOT NULL,
	"default_provider" text DEFAULT 'twilio' NOT NULL,
	"estimate_minutes" integer DEFAULT 3 NOT NULL,
	"deactivation_policy" text DEFAULT 'block_new' NOT NULL,
	"sales_email" text,
	"sales_phone" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"archived_at" timestamp with time zone,
	CONSTRAINT "organizations_name_length" CHECK (length("organizations"."name") between 1 and 120),
	CONSTRAINT "organizations_estimate_range" CHECK ("organizations"."estimate_minutes" between 1 and 240)
);
--> statement-breakpoint
CREATE TABLE "sales_requests" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sales_requests_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organization_id" integer NOT NULL,
	"user_id" uuid NOT NULL,
	"message" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"last_used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id_hash" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_throttle" (
	"key" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"last_failure_at" timestamp with time zone NOT NULL,
	"blocked_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"password_hash" text NOT NULL,
	"phone" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"disabled_at" timestamp with time zone,
	CONSTRAINT "users_role_organization" CHECK (("users"."role" = 'super_admin') = ("users"."organization_id" is null))
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"provider_call_id" text,
	"state" text NOT NULL,
	"note" text,
	"organization_id" integer,
	"call_id" uuid,
	"body" jsonb NOT NULL,
	"event" jsonb,
	"repeats" integer DEFAULT 0 NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "blocks" ADD CONSTRAINT "blocks_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blocks" ADD CONSTRAINT "blocks_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_stats_daily" ADD CONSTRAINT "call_stats_daily_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_status_events" ADD CONSTRAINT "call_status_events_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_status_events" ADD CONSTRAINT "call_status_events_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lead_lists" ADD CONSTRAINT "lead_lists_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_minutes_allocation_history" ADD CONSTRAINT "call_minutes_allocation_history_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_minutes_allocation_history" ADD CONSTRAINT "call_minutes_allocation_history_allocated_by_users_id_fk" FOREIGN KEY ("allocated_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_minutes_usage_log" ADD CONSTRAINT "call_minutes_usage_log_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credit_holds" ADD CONSTRAINT "credit_holds_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "debts" ADD CONSTRAINT "debts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "minute_allocations" ADD CONSTRAINT "minute_allocations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "minute_allocations" ADD CONSTRAINT "minute_allocations_allocated_by_users_id_fk" FOREIGN KEY ("allocated_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organization_call_minutes" ADD CONSTRAINT "organization_call_minutes_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sales_requests" ADD CONSTRAINT "sales_requests_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_log_organization" ON "audit_log" USING btree ("organization_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "blocks_organization" ON "blocks" USING btree ("organization_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "call_status_events_call" ON "call_status_events" USING btree ("call_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "calls_provider_call_key" ON "calls" USING btree ("provider","provider_call_id") WHERE "calls"."provider_call_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "calls_idempotency_key" ON "calls" USING btree ("organization_id","idempotency_key") WHERE "calls"."idempotency_key" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "calls_one_live_per_number" ON "calls" USING btree ("organization_id","to") WHERE "calls"."status" in ('initiated', 'ringing', 'in_progress');--> statement-breakpoint
CREATE INDEX "calls_organization_recent" ON "calls" USING btree ("organization_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "calls_contact" ON "calls" USING btree ("contact_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "contacts_phone_key" ON "contacts" USING btree ("organization_id","phone");--> statement-breakpoint
CREATE UNIQUE INDEX "contacts_tenant_key" ON "contacts" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "contacts_name" ON "contacts" USING btree ("organization_id","name","id");--> statement-breakpoint
CREATE UNIQUE INDEX "lead_list_members_order" ON "lead_list_members" USING btree ("lead_list_id","position");--> statement-breakpoint
CREATE INDEX "lead_list_members_contact" ON "lead_list_members" USING btree ("contact_id");--> statement-breakpoint
CREATE UNIQUE INDEX "lead_lists_name_key" ON "lead_lists" USING btree ("organization_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "lead_lists_tenant_key" ON "lead_lists" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "live_events_fleet" ON "live_events" USING btree ("transaction_id","organization_id","seq");--> statement-breakpoint
CREATE INDEX "allocation_history_organization" ON "call_minutes_allocation_history" USING btree ("organization_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "usage_log_once" ON "call_minutes_usage_log" USING btree ("organization_id","call_id","allocation_id","settles_debt");--> statement-breakpoint
CREATE INDEX "usage_log_organization" ON "call_minutes_usage_log" USING btree ("organization_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "credit_holds_one_open" ON "credit_holds" USING btree ("call_id") WHERE "credit_holds"."state" = 'open';--> statement-breakpoint
CREATE INDEX "credit_holds_check" ON "credit_holds" USING btree ("check_at") WHERE "credit_holds"."state" = 'open';--> statement-breakpoint
CREATE INDEX "credit_holds_organization_open" ON "credit_holds" USING btree ("organization_id") WHERE "credit_holds"."state" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "debts_call_key" ON "debts" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "debts_open" ON "debts" USING btree ("organization_id") WHERE "debts"."remaining_minutes" > 0;--> statement-breakpoint
CREATE INDEX "minute_allocations_spendable" ON "minute_allocations" USING btree ("organization_id") WHERE "minute_allocations"."remaining_minutes" > 0;--> statement-breakpoint
CREATE UNIQUE INDEX "minute_allocations_tenant_key" ON "minute_allocations" USING btree ("organization_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "organizations_slug_key" ON "organizations" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "sales_requests_recent" ON "sales_requests" USING btree ("id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "api_tokens_hash_key" ON "api_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "api_tokens_user" ON "api_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_expiry" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_key" ON "users" USING btree (lower("email"));--> statement-breakpoint
CREATE INDEX "users_organization" ON "users" USING btree ("organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_dedupe_key" ON "deliveries" USING btree ("provider","dedupe_key");--> statement-breakpoint
CREATE INDEX "deliveries_unmatched" ON "deliveries" USING btree ("provider","provider_call_id") WHERE "deliveries"."state" = 'unmatched';--> statement-breakpoint
CREATE INDEX "deliveries_call" ON "deliveries" USING btree ("call_id");