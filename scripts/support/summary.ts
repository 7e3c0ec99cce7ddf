import path from 'node:path';
import { secondsSince } from './progress.mjs';

interface Summary {
	origin: string;
	logins: { email: string; password: string; role: string }[];
	sandboxUrl: string | null;
	logDir: string | null;
	startedAt: number;
}

export function printSummary({ origin, logins, sandboxUrl, logDir, startedAt }: Summary): void {
	const emailWidth = Math.max(0, ...logins.map(({ email }) => email.length));
	const passwordWidth = Math.max(0, ...logins.map(({ password }) => password.length));
	const loginLines = logins.map(
		({ email, password, role }) =>
			`${email.padEnd(emailWidth)}  ${password.padEnd(passwordWidth)}  ${role.replaceAll('_', ' ')}`
	);
	const rows: [label: string, lines: string[]][] = [
		['Open', [origin]],
		['Sign in', loginLines],
		['Sandbox', sandboxUrl ? [`${sandboxUrl}  stands in for the phone providers`] : []],
		['Logs', logDir ? [path.relative(process.cwd(), logDir) || logDir] : []],
		['Stop', ['Ctrl-C']]
	];
	console.log(`\nTalktime is ready (${secondsSince(startedAt)} s)\n`);
	for (const [label, lines] of rows) {
		for (const [index, line] of lines.entries()) {
			console.log(`  ${(index === 0 ? label : '').padEnd(9)}${line}`);
		}
	}
	console.log('');
}
