DROP INDEX "audit_log_organization";--> statement-breakpoint
DROP INDEX "audit_log_actor";--> statement-breakpoint
DROP INDEX "audit_log_action";--> statement-breakpoint
DROP INDEX "blocks_organization";--> statement-breakpoint
DROP INDEX "blocks_user";--> statement-breakpoint
DROP INDEX "calls_organization_recent";--> statement-breakpoint
DROP INDEX "calls_number";--> statement-breakpoint
DROP INDEX "calls_contact";--> statement-breakpoint
DROP INDEX "campaigns_recent";--> statement-breakpoint
DROP INDEX "allocation_history_organization";--> statement-breakpoint
DROP INDEX "usage_log_organization";--> statement-breakpoint
DROP INDEX "sales_requests_recent";--> statement-breakpoint
DROP INDEX "payments_recent";--> statement-breakpoint
DROP INDEX "balance_transactions_recent";--> statement-breakpoint
DROP INDEX "balance_transactions_order";--> statement-breakpoint
CREATE INDEX "balance_transactions_payments" ON "balance_transactions" USING btree ("organization_id","seq" DESC NULLS FIRST) WHERE "balance_transactions"."call_id" is null;--> statement-breakpoint
CREATE INDEX "audit_log_organization" ON "audit_log" USING btree ("organization_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "audit_log_actor" ON "audit_log" USING btree ("actor_user_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "audit_log_action" ON "audit_log" USING btree ("action","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "blocks_organization" ON "blocks" USING btree ("organization_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "blocks_user" ON "blocks" USING btree ("user_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "calls_organization_recent" ON "calls" USING btree ("organization_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "calls_number" ON "calls" USING btree ("organization_id","to","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "calls_contact" ON "calls" USING btree ("contact_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "campaigns_recent" ON "campaigns" USING btree ("organization_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "allocation_history_organization" ON "call_minutes_allocation_history" USING btree ("organization_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "usage_log_organization" ON "call_minutes_usage_log" USING btree ("organization_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "sales_requests_recent" ON "sales_requests" USING btree ("id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "payments_recent" ON "payments" USING btree ("organization_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "balance_transactions_recent" ON "balance_transactions" USING btree ("organization_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "balance_transactions_order" ON "balance_transactions" USING btree ("organization_id","seq" DESC NULLS FIRST);