CREATE TABLE "usage_reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"month" text NOT NULL,
	"body" text NOT NULL,
	"content_hash" text NOT NULL,
	"sealed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "usage_reports_month_form" CHECK ("usage_reports"."month" ~ '^[0-9]{4}-[0-9]{2}$')
);
--> statement-breakpoint
ALTER TABLE "usage_reports" ADD CONSTRAINT "usage_reports_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "usage_reports_month_key" ON "usage_reports" USING btree ("organization_id","month");--> statement-breakpoint
-- Written by hand: a sealed report stays as it is, and is read by its own organisation only.
create trigger usage_reports_append_only
	before update or delete or truncate on usage_reports
	for each statement execute function refuse_change();
--> statement-breakpoint
select protect_tenant_table('usage_reports', may => 'select');
