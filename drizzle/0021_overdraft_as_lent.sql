-- An overdraft is counted as it was lent: its minutes are those lent in minutes, not those that dollars last.
update credit_holds set overdraft_minutes = 0 where overdraft_amount > 0;
--> statement-breakpoint
-- What is promised is what open holds lend: a change of mode had left promises behind.
update organization_call_minutes m set overdraft_held_minutes = coalesce((select sum(h.overdraft_minutes)
	from credit_holds h where h.organization_id = m.organization_id and h.state = 'open'), 0);
--> statement-breakpoint
update call_balance b set overdraft_held_amount = coalesce((select sum(h.overdraft_amount)
	from credit_holds h where h.organization_id = b.organization_id and h.state = 'open'), 0);
