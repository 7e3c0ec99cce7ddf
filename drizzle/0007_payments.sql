CREATE TABLE "auto_refills" (
	"organization_id" integer PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"payment_id" uuid,
	"declines" integer DEFAULT 0 NOT NULL,
	"look_at" timestamp with time zone,
	"pause_reason" text,
	"month" text NOT NULL,
	"month_spent" numeric(18, 6) DEFAULT 0 NOT NULL,
	CONSTRAINT "auto_refills_pause_reason" CHECK (("auto_refills"."state" = 'paused') = ("auto_refills"."pause_reason" is not null))
);
--> statement-breakpoint
CREATE TABLE "mails" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mails_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organization_id" integer,
	"key" text NOT NULL,
	"to" text NOT NULL,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"send_at" timestamp with time zone DEFAULT now() NOT NULL,
	"failure" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"kind" text NOT NULL,
	"amount" numeric(18, 6) NOT NULL,
	"currency" text DEFAULT 'usd' NOT NULL,
	"is_live" boolean NOT NULL,
	"state" text NOT NULL,
	"stripe_customer_id" text NOT NULL,
	"stripe_payment_method_id" text,
	"stripe_checkout_session_id" text,
	"checkout_url" text,
	"stripe_payment_intent_id" text,
	"failure_code" text,
	"failure_message" text,
	"refunded_amount" numeric(18, 6) DEFAULT 0 NOT NULL,
	"disputed_amount" numeric(18, 6) DEFAULT 0 NOT NULL,
	"receipt_url" text,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"succeeded_at" timestamp with time zone,
	"refresh_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "payments_amount_positive" CHECK ("payments"."amount" > 0),
	CONSTRAINT "payments_money_back_range" CHECK ("payments"."refunded_amount" >= 0 and "payments"."disputed_amount" >= 0 and "payments"."refunded_amount" + "payments"."disputed_amount" <= "payments"."amount"),
	CONSTRAINT "payments_succeeded_once" CHECK (("payments"."state" = 'succeeded') = ("payments"."succeeded_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "read_cursors" (
	"name" text PRIMARY KEY NOT NULL,
	"read_until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stripe_customers" (
	"organization_id" integer PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"payment_method_id" text,
	"card_brand" text,
	"card_last4" text,
	"card_exp_month" integer,
	"card_exp_year" integer,
	"is_stale" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "debts" ALTER COLUMN "call_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "debts" ADD COLUMN "payment_id" uuid;--> statement-breakpoint
ALTER TABLE "call_balance" ADD COLUMN "auto_refill_monthly_cap" numeric(18, 6);--> statement-breakpoint
ALTER TABLE "call_balance" ADD COLUMN "freezes_on_dispute" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "retry_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "auto_refills" ADD CONSTRAINT "auto_refills_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stripe_customers" ADD CONSTRAINT "stripe_customers_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "auto_refills_due" ON "auto_refills" USING btree ("look_at") WHERE "auto_refills"."look_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "mails_key" ON "mails" USING btree ("key","to");--> statement-breakpoint
CREATE INDEX "mails_waiting" ON "mails" USING btree ("send_at") WHERE "mails"."state" = 'waiting';--> statement-breakpoint
CREATE UNIQUE INDEX "payments_session_key" ON "payments" USING btree ("stripe_checkout_session_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_intent_key" ON "payments" USING btree ("stripe_payment_intent_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_tenant_key" ON "payments" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "payments_recent" ON "payments" USING btree ("organization_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "payments_refresh" ON "payments" USING btree ("refresh_at") WHERE "payments"."refresh_at" is not null;--> statement-breakpoint
CREATE INDEX "payments_mismatch" ON "payments" USING btree ("created_at") WHERE "payments"."state" = 'mismatch';--> statement-breakpoint
CREATE UNIQUE INDEX "stripe_customers_customer_key" ON "stripe_customers" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "stripe_customers_stale" ON "stripe_customers" USING btree ("organization_id") WHERE "stripe_customers"."is_stale";--> statement-breakpoint
CREATE INDEX "debts_payment" ON "debts" USING btree ("payment_id");--> statement-breakpoint
CREATE INDEX "balance_transactions_order" ON "balance_transactions" USING btree ("organization_id","seq" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "balance_transactions_payment_once" ON "balance_transactions" USING btree ("stripe_payment_intent_id") WHERE "balance_transactions"."stripe_payment_intent_id" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "deliveries" USING btree ("provider","retry_at") WHERE "deliveries"."state" = 'waiting';--> statement-breakpoint
ALTER TABLE "debts" ADD CONSTRAINT "debts_cause" CHECK (("debts"."call_id" is null) <> ("debts"."payment_id" is null));--> statement-breakpoint
ALTER TABLE "call_balance" ADD CONSTRAINT "call_balance_refill_threshold" CHECK ("call_balance"."auto_refill_threshold" between 1 and 1000);--> statement-breakpoint
ALTER TABLE "call_balance" ADD CONSTRAINT "call_balance_refill_cap" CHECK ("call_balance"."auto_refill_monthly_cap" between "call_balance"."auto_refill_amount" and 1000000);
--> statement-breakpoint
alter table debts add constraint debts_payment_same_tenant
	foreign key (organization_id, payment_id) references payments (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table auto_refills add constraint auto_refills_payment_same_tenant
	foreign key (organization_id, payment_id) references payments (organization_id, id) on delete restrict;
