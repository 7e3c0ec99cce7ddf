import { createHmac } from 'node:crypto';

/** `Stripe-Signature` (PROVIDERS.md 4.4): HMAC-SHA256 over `t.body`, keyed by the whole secret. */
export function signStripeBody(secret: string, body: string, unixSeconds: number): string {
	const signature = createHmac('sha256', secret)
		.update(`${unixSeconds}.${body}`, 'utf8')
		.digest('hex');
	return `t=${unixSeconds},v1=${signature}`;
}
