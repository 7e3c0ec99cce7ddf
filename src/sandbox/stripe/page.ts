/** The hosted pages: plain forms, which work without JavaScript. */
import type Stripe from 'stripe';
import { TEST_CARDS } from './cards';

const STYLE = `
:root { color-scheme: light dark; --line: #8885; --muted: light-dark(#555, #aaa); --accent: #533afd; }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 440px; padding: 32px 20px; }
h1 { font-size: 32px; margin: 4px 0 0; font-variant-numeric: tabular-nums; }
p { margin: 4px 0; } .muted { color: var(--muted); }
.badge { background: #ffde9c; color: #5a3e00; border-radius: 4px; font-size: 12px; font-weight: 600; padding: 2px 6px; }
form { display: grid; gap: 14px; margin-top: 24px; }
label { display: grid; gap: 4px; font-size: 14px; }
input, select { font: inherit; border: 1px solid var(--line); border-radius: 6px; min-height: 44px; padding: 8px 12px; width: 100%; }
.pair { display: grid; gap: 14px; grid-template-columns: 1fr 1fr; }
button { font: inherit; border: 1px solid var(--line); border-radius: 6px; cursor: pointer; min-height: 44px; background: transparent; color: inherit; }
button.main { background: var(--accent); border-color: var(--accent); color: white; font-weight: 600; }
.error { background: #fde7e9; border-radius: 6px; color: #a1001a; padding: 10px 12px; }
details { margin-top: 24px; font-size: 14px; } td { padding: 2px 12px 2px 0; }
`;

const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;'
};

export function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

export function hostedPage(title: string, body: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

/** `$50.00`, as a person reads it. */
export function formatAmount(minorUnits: number | null, currency: string | null): string {
	const code = (currency ?? 'usd').toUpperCase();
	const format = new Intl.NumberFormat('en-US', { style: 'currency', currency: code });
	const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
	return format.format((minorUnits ?? 0) / 10 ** digits);
}

function cardTable(): string {
	const rows = TEST_CARDS.map(
		({ number, description }) =>
			`<tr><td><code>${number.replace(/(\d{4})(?=\d)/g, '$1 ')}</code></td><td>${escapeHtml(description)}</td></tr>`
	);
	return `<details><summary>Test cards</summary><table>${rows.join('')}</table></details>`;
}

export interface PayPage {
	merchantName: string;
	session: Stripe.Checkout.Session;
	/** What is bought, one line each. */
	lines: string[];
	error: string | null;
}

/** The payment page of a session; buttons named `action`: pay, fail, cancel. */
export function payPage({ merchantName, session, lines, error }: PayPage): string {
	const isPayment = session.mode === 'payment';
	const amount = formatAmount(session.amount_total, session.currency);
	const heading = isPayment ? amount : 'Save a card';
	const cancel =
		session.cancel_url === null
			? ''
			: '<button name="action" value="cancel" formnovalidate>Cancel and go back</button>';
	const method = isPayment
		? `<label>Pay with <select name="method"><option value="card">Card</option><option value="bank">Bank debit (settles later)</option></select></label>`
		: '';
	return hostedPage(
		`${merchantName}: ${heading}`,
		`<p><span class="badge">TEST MODE</span></p>
<p class="muted">${escapeHtml(merchantName)}</p>
<h1>${escapeHtml(heading)}</h1>
${lines.map((line) => `<p class="muted">${escapeHtml(line)}</p>`).join('\n')}
<form method="post" action="/c/pay/${session.id}">
${error === null ? '' : `<p class="error" role="alert">${escapeHtml(error)}</p>`}
${method}
<label>Card number <input name="number" inputmode="numeric" autocomplete="cc-number" placeholder="4242 4242 4242 4242"></label>
<div class="pair">
<label>Expiry (MM / YY) <input name="expiry" autocomplete="cc-exp" placeholder="12 / 34"></label>
<label>CVC <input name="cvc" inputmode="numeric" autocomplete="cc-csc" placeholder="123"></label>
</div>
<button class="main" name="action" value="pay">${isPayment ? `Pay ${escapeHtml(amount)}` : 'Save card'}</button>
<button name="action" value="fail">Fail the payment</button>
${cancel}
</form>
${cardTable()}`
	);
}

/** The bank's second factor: complete or fail. */
export function authenticationPage(merchantName: string, amount: string | null): string {
	return hostedPage(
		'3-D Secure',
		`<p><span class="badge">TEST MODE</span></p>
<h1>3-D Secure</h1>
<p>Your bank asks whether you approve ${amount === null ? 'saving this card' : `this payment of ${escapeHtml(amount)}`} at ${escapeHtml(merchantName)}.</p>
<form method="post">
<button class="main" name="action" value="complete">Complete authentication</button>
<button name="action" value="fail">Fail authentication</button>
</form>`
	);
}

/** A page that only tells something, with one way on. */
export function noticePage(
	title: string,
	text: string,
	link: { url: string; label: string } | null
): string {
	const way =
		link === null ? '' : `<p><a href="${escapeHtml(link.url)}">${escapeHtml(link.label)}</a></p>`;
	return hostedPage(title, `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>${way}`);
}
