const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --muted: light-dark(#666, #aaa); }
body { font: 14px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 1100px; padding: 24px; }
h1 { font-size: 20px; margin: 0; } h2 { font-size: 15px; margin: 28px 0 8px; }
header { display: flex; flex-wrap: wrap; gap: 12px; align-items: center; }
header p { color: var(--muted); margin: 0; flex: 1; min-width: 240px; }
button, select, input { font: inherit; padding: 4px 10px; }
form { margin-top: 20px; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 6px 12px; white-space: nowrap; }
td + td { border-left: 0; } tr + tr td { border-top: 1px solid var(--line); }
th { background: var(--soft); font-weight: 600; } td.empty { color: var(--muted); }
`;

const SCRIPT = `
const byId = (id) => document.getElementById(id);
const cell = (row, text) => { row.insertCell().textContent = text === null ? '–' : String(text); };
const fill = (id, rows, empty) => {
	const body = byId(id);
	body.replaceChildren();
	for (const values of rows) { const row = body.insertRow(); values.forEach((v) => cell(row, v)); }
	if (rows.length === 0) { const row = body.insertRow(); cell(row, empty); row.cells[0].className = 'empty'; row.cells[0].colSpan = 10; }
};
const send = (method, path, value) => fetch('/_sandbox/' + path, {
	method, headers: { 'content-type': 'application/json' }, body: value && JSON.stringify(value)
}).then(refresh);
async function refresh() {
	const [state, list, money] = await Promise.all(
		['state', 'calls?limit=50', 'payments?limit=50'].map((path) => fetch('/_sandbox/' + path).then((r) => r.json()))
	);
	const sums = Object.entries(state.calls).map(([name, c]) => name + ': ' + c.live + ' live of ' + c.total);
	const c = state.callbacks;
	byId('summary').textContent = sums.join(', ') + ' · ' + c.delivered + ' callbacks delivered, ' +
		c.failed + ' failed, ' + c.refused + ' refused · ' + state.simulatedSeconds + ' simulated s';
	byId('speed').value = String(state.speed);
	fill('calls', list.calls.map((call) => [call.createdAt.slice(11, 19), call.provider, call.sid, call.from, call.to,
		call.status, call.durationSeconds, call.price, call.callbacksSent, call.outcome]), 'No calls yet.');
	fill('payments', money.payments.map((p) => [p.createdAt.slice(11, 19), p.id, p.customer, p.amount, p.status, '']), 'No payments yet.');
	money.payments.forEach((payment, index) => {
		const last = byId('payments').rows[index].cells[5];
		for (const { label, path, body } of payment.actions) {
			const button = document.createElement('button');
			button.type = 'button';
			button.textContent = label;
			button.onclick = () => send('POST', payment.provider + path, body || {});
			last.append(button, ' ');
		}
	});
	fill('faults', state.faults.map(({ id, remaining, ...faults }) => [id, remaining, JSON.stringify(faults)]),
		'No faults: everything works.');
	fill('outcomes', state.outcomes.map((o) => [o.suffix, o.description]), '');
}
byId('call-in').onsubmit = (event) => {
	event.preventDefault();
	send('POST', 'twilio/call-in', { from: byId('caller').value.replace(/[^+0-9]/g, '') });
};
byId('clear').onclick = () => send('DELETE', 'faults');
byId('reset').onclick = () => send('POST', 'reset');
byId('speed').onchange = (event) => send('POST', 'speed', { speed: Number(event.target.value) });
refresh(); setInterval(() => refresh().catch(() => {}), 2000);
`;

function table(id: string, headings: string[]): string {
	const cells = headings.map((heading) => `<th scope="col">${heading}</th>`).join('');
	return `<div class="scroll"><table><thead><tr>${cells}</tr></thead><tbody id="${id}"></tbody></table></div>`;
}

/** The sandbox's own page: calls, payments, outcomes and faults, from the control API, without assets. */
export function sandboxPage(): string {
	const speeds = [1, 2, 5, 10, 60, 100, 1_000];
	const options = speeds.map((speed) => `<option value="${speed}">${speed}×</option>`).join('');
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Talktime sandbox</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Sandbox</h1>
<p id="summary">Loading…</p>
<label>Speed <select id="speed">${options}</select></label>
<button id="clear" type="button">Clear faults</button>
<button id="reset" type="button">Reset</button>
</header>
<form id="call-in">
<label>Somebody calls back, from <input id="caller" type="tel" required placeholder="+12025550161"></label>
<button>Call in</button>
</form>
<h2>Calls</h2>
${table('calls', ['Created', 'Provider', 'Call', 'From', 'To', 'Status', 'Seconds', 'Price', 'Callbacks', 'Outcome'])}
<h2>Payments</h2>
${table('payments', ['Created', 'Payment', 'Customer', 'Amount', 'Status', 'What may happen'])}
<h2>Faults</h2>
${table('faults', ['Plan', 'Next', 'What goes wrong'])}
<h2>Magic numbers: the last two digits dialled decide</h2>
${table('outcomes', ['Ends in', 'What happens'])}
<script>${SCRIPT}</script>
</body>
</html>
`;
}
