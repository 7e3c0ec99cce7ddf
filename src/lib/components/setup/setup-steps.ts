import type { SetupChecklistView } from '$lib/views';

export interface SetupStep {
	id: string;
	title: string;
	/** What it is for, or what is there. */
	text: string;
	/** What to put where. */
	code?: string;
	href?: string;
	linkText?: string;
	isDone: boolean;
}

/** From an empty database to the first paid call, in the order in which one needs the other. */
export function setupSteps(has: SetupChecklistView): SetupStep[] {
	return [
		{
			id: 'organization',
			title: 'Create an organization',
			text: 'A company whose people call. Everything belongs to one: contacts, calls, minutes, dollars.',
			code: 'npm run talktime -- org create --name "Asha Travels" --timezone Asia/Kolkata',
			href: '/admin',
			linkText: 'Go to organizations',
			isDone: has.hasOrganization
		},
		{
			id: 'people',
			title: 'Invite its manager',
			text: 'Managers invite their agents themselves, under Team.',
			href: '/admin',
			linkText: 'Open the organization and invite somebody',
			isDone: has.hasPeople
		},
		{
			id: 'provider',
			title: 'Connect a phone provider',
			text: 'Twilio, Exotel or Bolna, in the environment of the server. For Twilio the callbacks are told with each call; a TwiML App for calls from the browser gets these addresses:',
			code: `Voice URL: ${has.origin}/api/twilio/voice\nStatus callback: ${has.origin}/api/twilio/status`,
			isDone: has.hasProvider
		},
		{
			id: 'stripe',
			title: 'Connect Stripe',
			text: 'So that organizations top up their wallets. Add an endpoint in Stripe and put its signing secret into STRIPE_WEBHOOK_SECRET:',
			code: `${has.origin}/api/stripe/webhook`,
			isDone: has.hasStripe
		},
		{
			id: 'mail',
			title: 'Connect a mail server',
			text: 'SMTP_URL, for invitations and new passwords. Without one, links are handed over by hand.',
			code: 'SMTP_URL=smtps://user:password@mail.example.com',
			isDone: has.hasMail
		},
		{
			id: 'minutes',
			title: 'Allocate the first minutes',
			text: 'With a reason, and an expiry if there is one.',
			href: '/admin',
			linkText: 'Allocate minutes',
			isDone: has.hasMinutes
		},
		{
			id: 'call',
			title: 'Place the first call',
			text: 'Signed in as an agent, from Leads or the dialer. Watch it here, with what it costs.',
			isDone: has.hasCall
		}
	];
}
