export interface DemoLogin {
	email: string;
	password: string;
	role: 'super_admin' | 'manager' | 'agent';
	name: string;
	/** Name of the organisation, null for the super admin. */
	organization: string | null;
}

/** Known to everyone who read the README: only ever seeded into an empty database in demo mode. */
export const DEMO_LOGINS: DemoLogin[] = [
	{
		email: 'admin@talktime.example',
		password: 'talktime-admin',
		role: 'super_admin',
		name: 'Platform admin',
		organization: null
	},
	{
		email: 'manager@asha.example',
		password: 'talktime-manager',
		role: 'manager',
		name: 'Meera Joshi',
		organization: 'Asha Travels'
	},
	{
		email: 'agent@asha.example',
		password: 'talktime-agent',
		role: 'agent',
		name: 'Arjun Kapoor',
		organization: 'Asha Travels'
	},
	{
		email: 'agent@northwind.example',
		password: 'talktime-agent',
		role: 'agent',
		name: 'Nora Lindqvist',
		organization: 'Northwind Insurance'
	}
];
