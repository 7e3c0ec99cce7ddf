/** Campaigns to test with: leads, an engine that looks when it is told to, and a provider that ends calls. */
import { v7 as uuid } from 'uuid';
import type { CampaignProgress } from '$lib/domain/campaigns/told';
import { CreateCampaignInput, type CreateCampaignWish } from '$lib/inputs';
import { createCampaign } from '$lib/server/campaigns/create-campaign';
import { CampaignEngine } from '$lib/server/campaigns/engine';
import { getCampaign } from '$lib/server/campaigns/get-campaign';
import type { Services } from '$lib/server/services';
import { newNumber, type House, type Tenant } from './house';
import type { RecordingProvider } from './house-provider';

/** How calls end, and how long they talked. */
export type Ending = 'completed' | 'busy' | 'no-answer' | 'failed';

export class Campaigns {
	private readonly engines = new Map<Services, CampaignEngine>();

	constructor(
		private readonly house: House,
		private readonly provider: RecordingProvider
	) {}

	/** Contacts of a tenant. Their numbers are of San Francisco, where it is morning or noon in tests. */
	async leads(tenant: Tenant, count: number): Promise<{ id: string; phone: string }[]> {
		const rows = Array.from({ length: count }, () => ({ id: uuid(), phone: newNumber() }));
		await this.house.sql`
			insert into contacts (id, organization_id, phone, name)
			select id::uuid, ${tenant.id}, phone, 'Lead' from json_to_recordset(${JSON.stringify(rows)}::text::json)
				as r(id text, phone text)`;
		return rows;
	}

	/** Makes a campaign of contacts, and starts it. */
	async start(
		tenant: Tenant,
		leads: { id: string }[],
		wish: Partial<CreateCampaignWish> = {}
	): Promise<string> {
		const requestId = uuid();
		const input = CreateCampaignInput.parse({
			requestId,
			name: 'Spring',
			kind: 'server',
			choice: { kind: 'contacts', contactIds: leads.map(({ id }) => id) },
			concurrency: 5,
			callsPerSecond: 200,
			isStarted: true,
			...wish
		});
		const made = await createCampaign({ ctx: this.house.as(tenant.manager), input });
		if (!made.started) throw new Error(`Not started: ${made.block.message}`);
		return requestId;
	}

	/** One look of a process's engine, with all that comes of it. */
	async look(services = this.house.services): Promise<void> {
		const engine = this.engines.get(services) ?? new CampaignEngine();
		this.engines.set(services, engine);
		await engine.look(this.house.context({ kind: 'job' }, services));
		await engine.settle();
	}

	/** Ends every live call of a tenant. */
	async endCalls(
		tenant: Tenant,
		ending: Ending | ((to: string) => Ending) = 'completed',
		talkSeconds = 61
	): Promise<number> {
		const live = await this.house.sql<{ id: string; to: string; sid: string | null }[]>`
			select id, "to", provider_call_id as sid from calls
			where organization_id = ${tenant.id} and ended_at is null and provider_call_id is not null`;
		for (const { id, to, sid } of live) {
			const how = typeof ending === 'function' ? ending(to) : ending;
			const seconds = how === 'completed' ? talkSeconds : 0;
			const finding = this.provider.eventOf(sid ?? '', id, how, seconds);
			await this.house.services.lane.submit({
				kind: 'apply_sweep',
				callId: id,
				asked: { provider: 'twilio', providerCallId: sid },
				finding
			});
		}
		return live.length;
	}

	/** Looks and ends calls until the campaign is over; seconds pass between. */
	async runToEnd(
		tenant: Tenant,
		id: string,
		ending: Ending | ((to: string) => Ending) = 'completed'
	): Promise<CampaignProgress> {
		for (let round = 0; round < 200; round++) {
			await this.look();
			await this.endCalls(tenant, ending);
			this.house.clock.advanceSeconds(2);
			const progress = await this.progress(tenant, id);
			if (progress.status === 'finished' || progress.status === 'stopped') return progress;
		}
		throw new Error('The campaign does not end.');
	}

	async progress(tenant: Tenant, campaignId: string): Promise<CampaignProgress> {
		const ctx = this.house.as(tenant.manager);
		return (await getCampaign({ ctx, input: { campaignId } })).progress;
	}

	/** Calls to each number of a tenant. */
	async callsByNumber(tenant: Tenant): Promise<Map<string, number>> {
		const rows = await this.house.sql<{ to: string; calls: number }[]>`
			select "to", count(*)::int as calls from calls where organization_id = ${tenant.id} group by 1`;
		return new Map(rows.map(({ to, calls }) => [to, calls]));
	}
}
