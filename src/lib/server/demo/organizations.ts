/**
 * Three invented companies. All numbers come from ranges set aside for fiction (North America 555-01xx,
 * London 020 7946 0xxx), and their last two digits decide what the sandbox does with a call.
 */
export interface DemoLead {
	name: string;
	company: string;
	email: string;
	phone: string;
	timezone: string;
}

export interface DemoOrganization {
	name: string;
	timezone: string;
	/** Where it may call besides its own country. */
	countries?: string[];
	grants: { minutes: number; reason: string }[];
	lists: { name: string; leads: DemoLead[] }[];
}

const CITIES = [
	{ areaCode: '202', timezone: 'America/New_York' },
	{ areaCode: '312', timezone: 'America/Chicago' },
	{ areaCode: '415', timezone: 'America/Los_Angeles' }
];

function americanLead([name, company, lastTwo]: [string, string, string], index: number): DemoLead {
	const city = CITIES[index % CITIES.length] ?? { areaCode: '202', timezone: 'America/New_York' };
	const mailbox = name.toLowerCase().replace(/[^a-z]+/g, '.');
	const domain = company.toLowerCase().replace(/[^a-z]+/g, '');
	return {
		name,
		company,
		email: `${mailbox}@${domain}.example`,
		phone: `+1${city.areaCode}55501${lastTwo}`,
		timezone: city.timezone
	};
}

function londonLead([name, company, lastTwo]: [string, string, string]): DemoLead {
	return {
		...americanLead([name, company, lastTwo], 0),
		phone: `+4420794604${lastTwo}`,
		timezone: 'Europe/London'
	};
}

export const DEMO_ORGANIZATIONS: DemoOrganization[] = [
	{
		name: 'Asha Travels',
		timezone: 'Asia/Kolkata',
		countries: ['GB'],
		grants: [{ minutes: 120, reason: 'Welcome minutes' }],
		lists: [
			{
				name: 'Autumn itineraries',
				leads: (
					[
						['Priya Nair', 'Lotus Retail', '61'],
						['Daniel Osei', 'Harbour Foods', '41'],
						['Sofia Marin', 'Brightline Studio', '10'],
						['Tomás Rivera', 'Cobalt Freight', '33'],
						['Grace Kim', 'Juniper Clinics', '11'],
						['Henrik Vale', 'Nordlys Energy', '27'],
						['Amara Diallo', 'Sunrise Textiles', '05'],
						['Lucas Ferreira', 'Atlas Tools', '52'],
						['Mei Tanaka', 'Paper Crane Press', '18'],
						['Omar Haddad', 'Cedar Hospitality', '12'],
						['Elena Petrova', 'Vega Optics', '36'],
						['Noah Fischer', 'Blue Door Realty', '14'],
						['Isha Kulkarni', 'Monsoon Coffee', '47'],
						['Jonas Berg', 'Fjord Outfitters', '62'],
						['Chloe Laurent', 'Petit Marché', '24'],
						['Samuel Adeyemi', 'Keystone Legal', '59']
					] as [string, string, string][]
				).map(americanLead)
			},
			{
				name: 'London partners',
				leads: (
					[
						['Oliver Grant', 'Thames Lettings', '61'],
						['Imogen Price', 'Marlow & Co', '22'],
						['Rahul Sethi', 'Camden Spices', '10'],
						['Freya Walsh', 'Lighthouse Books', '45'],
						['Callum Reid', 'North Quay Marine', '60']
					] as [string, string, string][]
				).map(londonLead)
			}
		]
	},
	{
		name: 'Northwind Insurance',
		timezone: 'America/New_York',
		grants: [
			{ minutes: 500, reason: 'Annual contract, first part' },
			{ minutes: 40, reason: 'Goodwill after the March outage' }
		],
		lists: [
			{
				name: 'Renewals this month',
				leads: (
					[
						['Victor Chen', 'Granite Builders', '61'],
						['Hannah Brooks', 'Willow Dental', '28'],
						['Mateo Cruz', 'Ember Kitchens', '43'],
						['Zoe Martin', 'Silver Birch School', '10'],
						['Peter Novak', 'Iron Gate Security', '19'],
						['Layla Rahman', 'Crescent Pharmacy', '31']
					] as [string, string, string][]
				).map(americanLead)
			}
		]
	},
	{
		name: 'Pinecrest Realty',
		timezone: 'America/Denver',
		grants: [],
		lists: []
	}
];
