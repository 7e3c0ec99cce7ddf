import { sql } from 'drizzle-orm';
import {
	isMailedByDefault,
	MAILED_ELSEWHERE,
	MAILED_TO_SUPER_ADMINS
} from '$lib/domain/alerts/preferences';
import type { AlertView } from '$lib/views';
import type { Database } from '../db/client';

/**
 * A mail for each person who wants one: an organisation's managers, and the super admins for what is about
 * the platform or only they can end. Written here, sent by the job that sends mails.
 */
export async function mailAlerts(
	tx: Pick<Database, 'execute'>,
	alerts: AlertView[]
): Promise<void> {
	const mails = alerts
		.filter(({ kind }) => !MAILED_ELSEWHERE.includes(kind))
		.map(({ id, organizationId, kind, title, message }) => ({
			organizationId,
			kind,
			key: `alert:${id}`,
			subject: title,
			text: `${title}.\n\n${message}\n\nWhat you are told of is up to you: Settings, Alerts.`,
			isDefault: isMailedByDefault(kind),
			isForSuperAdmins: MAILED_TO_SUPER_ADMINS.includes(kind)
		}));
	if (mails.length === 0) return;
	await tx.execute(sql`
		insert into mails (organization_id, key, "to", subject, text)
		select (m->>'organizationId')::int, m->>'key', u.email, m->>'subject', m->>'text'
		from json_array_elements(${JSON.stringify(mails)}::json) m
		join users u on (u.organization_id is not distinct from (m->>'organizationId')::int
				and u.role in ('manager', 'super_admin'))
			or ((m->>'isForSuperAdmins')::boolean and u.role = 'super_admin')
		left join alert_preferences p on p.user_id = u.id and p.kind = m->>'kind'
		where coalesce(p.is_mailed, (m->>'isDefault')::boolean)
		on conflict (key, "to") do nothing`);
}
