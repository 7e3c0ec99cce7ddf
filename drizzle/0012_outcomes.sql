CREATE TABLE "call_back_tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"user_id" uuid NOT NULL,
	"contact_id" uuid,
	"to" text NOT NULL,
	"call_id" uuid,
	"due_at" timestamp with time zone NOT NULL,
	"timezone" text NOT NULL,
	"note" text,
	"state" text DEFAULT 'open' NOT NULL,
	"done_by_call_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "call_outcomes" (
	"call_id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"contact_id" uuid,
	"disposition_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"marked_do_not_call" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dispositions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"organization_id" integer NOT NULL,
	"kind" text NOT NULL,
	"label" text NOT NULL,
	"position" smallint NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "dispositions_label_length" CHECK (length("dispositions"."label") between 1 and 40)
);
--> statement-breakpoint
CREATE TABLE "notes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"call_id" uuid,
	"contact_id" uuid,
	"user_id" uuid NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notes_about_something" CHECK (num_nonnulls("notes"."call_id", "notes"."contact_id") > 0),
	CONSTRAINT "notes_text_length" CHECK (length("notes"."text") between 1 and 4000)
);
--> statement-breakpoint
CREATE TABLE "power_dials" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" integer NOT NULL,
	"user_id" uuid NOT NULL,
	"lead_list_id" uuid NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"position" integer DEFAULT -1 NOT NULL,
	"contact_id" uuid,
	"total" integer NOT NULL,
	"offered" integer DEFAULT 0 NOT NULL,
	"skipped_by_agent" integer DEFAULT 0 NOT NULL,
	"skipped_do_not_call" integer DEFAULT 0 NOT NULL,
	"skipped_hours" integer DEFAULT 0 NOT NULL,
	"skipped_done" integer DEFAULT 0 NOT NULL,
	"skipped_taken" integer DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "call_back_tasks" ADD CONSTRAINT "call_back_tasks_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_outcomes" ADD CONSTRAINT "call_outcomes_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dispositions" ADD CONSTRAINT "dispositions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notes" ADD CONSTRAINT "notes_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "power_dials" ADD CONSTRAINT "power_dials_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "call_back_tasks_call_key" ON "call_back_tasks" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "call_back_tasks_person_due" ON "call_back_tasks" USING btree ("organization_id","user_id","due_at") WHERE "call_back_tasks"."state" = 'open';--> statement-breakpoint
CREATE INDEX "call_back_tasks_due" ON "call_back_tasks" USING btree ("organization_id","due_at") WHERE "call_back_tasks"."state" = 'open';--> statement-breakpoint
CREATE INDEX "call_back_tasks_number" ON "call_back_tasks" USING btree ("organization_id","to") WHERE "call_back_tasks"."state" = 'open';--> statement-breakpoint
CREATE INDEX "call_back_tasks_contact" ON "call_back_tasks" USING btree ("organization_id","contact_id","due_at");--> statement-breakpoint
CREATE INDEX "call_outcomes_contact" ON "call_outcomes" USING btree ("organization_id","contact_id","call_id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "call_outcomes_recent" ON "call_outcomes" USING btree ("organization_id","call_id" DESC NULLS FIRST);--> statement-breakpoint
CREATE UNIQUE INDEX "dispositions_tenant_key" ON "dispositions" USING btree ("organization_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "dispositions_label_key" ON "dispositions" USING btree ("organization_id",lower("label")) WHERE "dispositions"."is_active";--> statement-breakpoint
CREATE INDEX "notes_call" ON "notes" USING btree ("organization_id","call_id","id");--> statement-breakpoint
CREATE INDEX "notes_contact" ON "notes" USING btree ("organization_id","contact_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE UNIQUE INDEX "power_dials_one_per_person" ON "power_dials" USING btree ("user_id") WHERE "power_dials"."state" in ('running', 'paused');--> statement-breakpoint
CREATE INDEX "power_dials_list" ON "power_dials" USING btree ("organization_id","lead_list_id");--> statement-breakpoint
CREATE INDEX "calls_browser_number" ON "calls" USING btree ("to","id" DESC NULLS FIRST) WHERE "calls"."device" = 'browser';--> statement-breakpoint
-- Written by hand: nothing of one organisation refers to another's.
alter table call_outcomes
	add constraint call_outcomes_call_same_tenant
	foreign key (organization_id, call_id) references calls (organization_id, id) on delete restrict,
	add constraint call_outcomes_contact_same_tenant
	foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete set null (contact_id),
	add constraint call_outcomes_disposition_same_tenant
	foreign key (organization_id, disposition_id) references dispositions (organization_id, id) on delete restrict,
	add constraint call_outcomes_user_same_tenant
	foreign key (organization_id, user_id) references users (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table notes
	add constraint notes_call_same_tenant
	foreign key (organization_id, call_id) references calls (organization_id, id) on delete restrict,
	add constraint notes_contact_same_tenant
	foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade,
	add constraint notes_user_same_tenant
	foreign key (organization_id, user_id) references users (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table call_back_tasks
	add constraint call_back_tasks_call_same_tenant
	foreign key (organization_id, call_id) references calls (organization_id, id) on delete restrict,
	add constraint call_back_tasks_done_by_same_tenant
	foreign key (organization_id, done_by_call_id) references calls (organization_id, id) on delete restrict,
	add constraint call_back_tasks_contact_same_tenant
	foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete set null (contact_id),
	add constraint call_back_tasks_user_same_tenant
	foreign key (organization_id, user_id) references users (organization_id, id) on delete restrict;
--> statement-breakpoint
alter table power_dials
	add constraint power_dials_list_same_tenant
	foreign key (organization_id, lead_list_id) references lead_lists (organization_id, id) on delete cascade,
	add constraint power_dials_contact_same_tenant
	foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete set null (contact_id),
	add constraint power_dials_user_same_tenant
	foreign key (organization_id, user_id) references users (organization_id, id) on delete restrict;
--> statement-breakpoint
-- Organisations that are there begin with what new ones begin with.
insert into dispositions (organization_id, kind, label, position)
select o.id, d.kind, d.label, d.position
from organizations o
cross join (values
	('interested', 'Interested', 1),
	('call_back', 'Call back', 2),
	('not_interested', 'Not interested', 3),
	('wrong_number', 'Wrong number', 4),
	('voicemail', 'Voicemail', 5),
	('do_not_call', 'Do not call', 6)
) as d (kind, label, position);
--> statement-breakpoint
select protect_tenant_table('dispositions');
select protect_tenant_table('call_outcomes');
select protect_tenant_table('notes');
select protect_tenant_table('call_back_tasks');
select protect_tenant_table('power_dials');
