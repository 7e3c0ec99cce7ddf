import { and, asc, desc, eq, gte } from 'drizzle-orm';
import { firstCallIdAt } from '$lib/domain/call/call-ids';
import { isTerminal } from '$lib/domain/call/status';
import type {
	CallBackView,
	CallView,
	CreditsView,
	DialSetupView,
	DispositionView,
	MinutesView,
	OutcomeView,
	PowerDialView
} from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import { selectCalls, toCallView } from '../calls/call-rows';
import { chooseProviders } from '../calls/choose-providers';
import type { Context, Person } from '../context';
import { calls, leadLists, organizations } from '../db/schema/index';
import { AppError } from '../errors';
import { currentCursor } from '../live/feed';
import { findMinutes } from '../minutes/minutes-rows';
import { readOpenCallBacks } from '../outcomes/call-back-rows';
import { readDispositions } from '../outcomes/disposition-rows';
import { readOutcomes } from '../outcomes/outcome-rows';
import { findCredits } from '../wallet/credit-rows';
import { findPowerDial } from './power-dial-rows';

export interface DialerPage {
	cursor: string;
	minutes: MinutesView;
	credits: CreditsView;
	setup: DialSetupView;
	/** The person's own calls of the last day, newest first. */
	calls: CallView[];
	/** What became of them, by call id. */
	outcomes: Record<string, OutcomeView>;
	/** The call that ended a moment ago and that nobody has spoken of yet. */
	unspoken: CallView | null;
	dispositions: DispositionView[];
	callBacks: CallBackView[];
	lists: { id: string; name: string }[];
	powerDial: PowerDialView | null;
}

const CALLS_SHOWN = 12;
const CALLS_SINCE_MS = 24 * 3_600_000;
const CALL_BACKS_SHOWN = 50;
/** A call that ended longer ago is not what the agent has in mind. */
const UNSPOKEN_SINCE_MS = 15 * 60_000;

/** What the dialer opens with. The cursor is read first, so the stream joins without a gap. */
export async function getDialer({ ctx }: { ctx: Context }): Promise<DialerPage> {
	const person = requirePerson(ctx, 'outcomes.read');
	const organizationId = requireOrganizationId(person, undefined);
	const { db } = ctx.services.database;
	const cursor = await currentCursor(ctx.services, organizationId);
	const [minutes, credits, setup, rows, dispositions, callBacks, lists, powerDial] =
		await Promise.all([
			findMinutes(db, organizationId, ctx.nowMs),
			findCredits(db, organizationId),
			readSetup(ctx, person, organizationId),
			selectCalls(db)
				.where(
					and(
						eq(calls.organizationId, organizationId),
						eq(calls.userId, person.userId),
						gte(calls.id, firstCallIdAt(ctx.nowMs - CALLS_SINCE_MS))
					)
				)
				.orderBy(desc(calls.id))
				.limit(CALLS_SHOWN),
			readDispositions(db, organizationId),
			readOpenCallBacks(db, organizationId, { userId: person.userId, limit: CALL_BACKS_SHOWN }),
			db
				.select({ id: leadLists.id, name: leadLists.name })
				.from(leadLists)
				.where(eq(leadLists.organizationId, organizationId))
				.orderBy(asc(leadLists.createdAt), asc(leadLists.id)),
			findPowerDial(db, { organizationId, userId: person.userId })
		]);
	if (!minutes || !credits) throw new AppError('not_found', 'There is no such organisation.');
	const own = rows.map(toCallView);
	const outcomes = await readOutcomes(
		db,
		organizationId,
		own.map(({ id }) => id)
	);
	return {
		cursor,
		minutes,
		credits,
		setup,
		calls: own,
		outcomes: Object.fromEntries(outcomes),
		unspoken: findUnspoken(own, outcomes, ctx.nowMs),
		dispositions,
		callBacks,
		lists,
		powerDial
	};
}

function findUnspoken(
	own: CallView[],
	outcomes: Map<string, OutcomeView>,
	nowMs: number
): CallView | null {
	const [newest] = own;
	if (!newest || newest.endedAt === null || !isTerminal(newest.status)) return null;
	const isRecent = Date.parse(newest.endedAt) > nowMs - UNSPOKEN_SINCE_MS;
	return isRecent && !outcomes.has(newest.id) ? newest : null;
}

async function readSetup(
	ctx: Context,
	person: Person,
	organizationId: number
): Promise<DialSetupView> {
	const [organization] = await ctx.services.database.db
		.select()
		.from(organizations)
		.where(eq(organizations.id, organizationId));
	if (!organization) throw new AppError('not_found', 'There is no such organisation.');
	const { country, timezone, defaultProvider: provider } = organization;
	const setup = { country, timezone, provider, agentPhone: person.phone };
	try {
		const carriers = chooseProviders(ctx, organization, {
			named: undefined,
			agentPhone: person.phone
		});
		const device = carriers.some((one) => one.createDeviceToken) ? 'browser' : 'phone';
		return { ...setup, device, problem: null };
	} catch (error) {
		if (!(error instanceof AppError)) throw error;
		return { ...setup, device: 'phone', problem: error.message };
	}
}
