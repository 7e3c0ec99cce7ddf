-- An overdraft is counted as it was lent: its minutes are those lent in minutes, not those that dollars last.
update credit_holds set overdraft_minutes = 0 where overdraft_amount > 0;
