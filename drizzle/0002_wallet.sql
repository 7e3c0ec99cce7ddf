CREATE TABLE "balance_transactions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" integer NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "balance_transactions_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"amount" numeric(18, 6) NOT NULL,
	"type" text NOT NULL,
	"description" text NOT NULL,
	"balance_before" numeric(18, 6) NOT NULL,
	"balance_after" numeric(18, 6) NOT NULL,
	"call_id" uuid,
	"stripe_payment_intent_id" text,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "balance_transactions_positive" CHECK ("balance_transactions"."amount" > 0),
	CONSTRAINT "balance_transactions_adds_up" CHECK ("balance_transactions"."balance_after" = "balance_transactions"."balance_before" + case when "balance_transactions"."type" = 'debit' then -"balance_transactions"."amount" else "balance_transactions"."amount" end)
);
--> statement-breakpoint
CREATE TABLE "call_balance" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" integer NOT NULL,
	"balance" numeric(18, 6) DEFAULT 0 NOT NULL,
	"held_amount" numeric(18, 6) DEFAULT 0 NOT NULL,
	"debt_amount" numeric(18, 6) DEFAULT 0 NOT NULL,
	"overdraft_held_amount" numeric(18, 6) DEFAULT 0 NOT NULL,
	"auto_refill_enabled" boolean DEFAULT false NOT NULL,
	"auto_refill_threshold" numeric(18, 6) DEFAULT 10 NOT NULL,
	"auto_refill_amount" numeric(18, 6) DEFAULT 50 NOT NULL,
	"last_refill_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "call_balance_not_negative" CHECK ("call_balance"."balance" >= 0),
	CONSTRAINT "call_balance_held_range" CHECK ("call_balance"."held_amount" >= 0 and "call_balance"."held_amount" <= "call_balance"."balance"),
	CONSTRAINT "call_balance_debt_positive" CHECK ("call_balance"."debt_amount" >= 0),
	CONSTRAINT "call_balance_refill_amount" CHECK ("call_balance"."auto_refill_amount" in (50, 100))
);
--> statement-breakpoint
CREATE TABLE "consumptions" (
	"organization_id" integer NOT NULL,
	"call_id" text NOT NULL,
	"minutes" integer NOT NULL,
	"short_minutes" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "consumptions_organization_id_call_id_pk" PRIMARY KEY("organization_id","call_id")
);
--> statement-breakpoint
CREATE TABLE "rates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"prefix" text NOT NULL,
	"description" text NOT NULL,
	"per_minute" numeric(18, 6) NOT NULL,
	"initial_seconds" integer DEFAULT 60 NOT NULL,
	"increment_seconds" integer DEFAULT 60 NOT NULL,
	"effective_from" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rates_prefix_digits" CHECK ("rates"."prefix" ~ '^[0-9]{0,15}$'),
	CONSTRAINT "rates_price_range" CHECK ("rates"."per_minute" between 0 and 1000),
	CONSTRAINT "rates_seconds_range" CHECK ("rates"."initial_seconds" between 1 and 3600),
	CONSTRAINT "rates_increment_range" CHECK ("rates"."increment_seconds" between 1 and 3600)
);
--> statement-breakpoint
DROP INDEX "debts_open";--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "rate_prefix" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "rate_per_minute" numeric(18, 6) DEFAULT 0.1 NOT NULL;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "rate_initial_seconds" integer DEFAULT 60 NOT NULL;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "rate_increment_seconds" integer DEFAULT 60 NOT NULL;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "wallet_seconds" integer;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "cost" numeric(18, 6);--> statement-breakpoint
ALTER TABLE "credit_holds" ADD COLUMN "wallet_amount" numeric(18, 6) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "credit_holds" ADD COLUMN "wallet_seconds" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "credit_holds" ADD COLUMN "overdraft_minutes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "credit_holds" ADD COLUMN "overdraft_amount" numeric(18, 6) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "credit_holds" ADD COLUMN "overdraft_seconds" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "credit_holds" ADD COLUMN "is_overdraft_agreed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "credit_holds" ADD COLUMN "is_draining" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "credit_holds" ADD COLUMN "meter_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "debts" ADD COLUMN "amount" numeric(18, 6) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "debts" ADD COLUMN "remaining_amount" numeric(18, 6) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "organization_call_minutes" ADD COLUMN "overdraft_held_minutes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "overdraft_minutes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "overdraft_amount" numeric(18, 6) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "balance_transactions" ADD CONSTRAINT "balance_transactions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_balance" ADD CONSTRAINT "call_balance_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consumptions" ADD CONSTRAINT "consumptions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "balance_transactions_recent" ON "balance_transactions" USING btree ("organization_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "balance_transactions_call" ON "balance_transactions" USING btree ("call_id");--> statement-breakpoint
CREATE UNIQUE INDEX "balance_transactions_debt_once" ON "balance_transactions" USING btree ("call_id",("metadata"->>'paid_by')) WHERE "balance_transactions"."metadata"->>'kind' = 'debt';--> statement-breakpoint
CREATE UNIQUE INDEX "call_balance_organization_key" ON "call_balance" USING btree ("organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "rates_prefix_from_key" ON "rates" USING btree ("prefix","effective_from");--> statement-breakpoint
CREATE INDEX "credit_holds_meter" ON "credit_holds" USING btree ("meter_at") WHERE "credit_holds"."state" = 'open';--> statement-breakpoint
CREATE INDEX "debts_open" ON "debts" USING btree ("organization_id") WHERE "debts"."remaining_minutes" > 0 or "debts"."remaining_amount" > 0;--> statement-breakpoint
ALTER TABLE "debts" ADD CONSTRAINT "debts_remaining_amount" CHECK ("debts"."remaining_amount" between 0 and "debts"."amount");--> statement-breakpoint
create trigger balance_transactions_append_only
	before update or delete or truncate on balance_transactions
	for each statement execute function refuse_change();
--> statement-breakpoint
insert into call_balance (organization_id) select id from organizations on conflict do nothing;
--> statement-breakpoint
alter table call_balance set (fillfactor = 60);
