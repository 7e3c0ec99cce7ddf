ALTER TABLE "debts" ADD COLUMN "worth_minutes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "debts" ADD COLUMN "per_minute" numeric(18, 6) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "debts" ADD COLUMN "converted_minutes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "debts" ADD COLUMN "converted_amount" numeric(18, 6) DEFAULT 0 NOT NULL;--> statement-breakpoint
-- Debts so far: a minute owed costs what its call was rated at, and dollars owed are worth the started minutes
-- that what was paid at the end of the call does not reach. Those of payments no minutes can pay.
update debts d set per_minute = c.rate_per_minute,
	worth_minutes = case when d.amount = 0 or c.rate_per_minute = 0 then 0 else
		greatest(1, least(ceil(c.wallet_seconds / 60.0), ceil(d.amount / c.rate_per_minute)))::int end
from calls c where c.id = d.call_id;
