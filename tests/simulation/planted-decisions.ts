/** Planted bugs of the decisions: what `decide` is told, or what it answers, is made wrong. */
import type { PlantedBug } from './planted-bugs';
import {
	after,
	before,
	blind,
	callIdOf,
	eachOrganization,
	hasEnded,
	isEnd,
	isSettling,
	revived,
	withLots,
	withTalk
} from './planting';

const PURE = 'pure' as const;

export const DECISION_BUGS: PlantedBug[] = [
	{
		name: 'double apply of a terminal',
		does: 'settles a call again at every further final event',
		tier: PURE,
		decide: blind((state, command) =>
			command.kind === 'apply_delivery' && isEnd(command.event.status)
				? revived(state, callIdOf(state, command))
				: state
		)
	},
	{
		name: 'sweeper settles again',
		does: 'settles a call that has ended once more when the sweeper answers late',
		tier: PURE,
		decide: blind((state, command) =>
			command.kind === 'apply_sweep' &&
			command.finding.kind === 'event' &&
			isEnd(command.finding.event.status)
				? revived(state, command.callId)
				: state
		)
	},
	{
		name: 'lost hold',
		does: 'places a call without writing its hold',
		tier: PURE,
		decide: after(({ changes }, _state, command) =>
			command.kind === 'place_call' ? { ...changes, holds: [] } : changes
		)
	},
	{
		name: 'hold never released',
		does: 'settles a call and leaves its hold open',
		tier: PURE,
		decide: after(({ changes }) => (isSettling(changes) ? { ...changes, holds: [] } : changes))
	},
	{
		name: 'a minute too many',
		does: 'bills a talk of whole minutes one minute more',
		tier: PURE,
		decide: before((command) =>
			withTalk(command, (seconds) => (seconds > 0 && seconds % 60 === 0 ? seconds + 1 : seconds))
		)
	},
	{
		name: 'rounding down',
		does: 'bills only full minutes',
		tier: PURE,
		decide: before((command) => withTalk(command, (seconds) => seconds - (seconds % 60)))
	},
	{
		name: 'ringing is billed',
		does: 'counts the time of ringing as talk',
		tier: PURE,
		decide: before((command, state) => {
			const call = state.calls.get(callIdOf(state, command) ?? '');
			const rangMs = (call?.answeredAtMs ?? 0) - (call?.ringingAtMs ?? 0);
			if (!call?.ringingAtMs || rangMs <= 0) return command;
			return withTalk(command, (seconds) => seconds + Math.ceil(rangMs / 1000));
		})
	},
	{
		name: 'clipped debt',
		does: 'forgets what nobody could pay',
		tier: PURE,
		decide: after(({ changes }, state) => {
			if (!isSettling(changes)) return changes;
			const kept = eachOrganization(changes, (organization) => {
				const { debtMinutes = 0, debtMicros = 0n } =
					state.organizations.get(organization.id)?.credit ?? {};
				return { ...organization, credit: { ...organization.credit, debtMinutes, debtMicros } };
			});
			return { ...kept, debts: [] };
		})
	},
	{
		name: 'debt forgotten',
		does: 'lets new credit be spent before the debt is paid',
		tier: PURE,
		decide: blind((state, command) =>
			command.kind === 'allocate' || command.kind === 'move_money'
				? { ...state, openDebts: new Map() }
				: state
		)
	},
	{
		name: 'debt paid twice',
		does: 'takes the payment of a debt from the wallet two times',
		tier: PURE,
		decide: after(({ changes }, _state, command) => {
			const paid = (changes.rows?.transactions ?? [])
				.slice(1)
				.reduce((sum, row) => sum + row.amountMicros, 0n);
			if (command.kind !== 'move_money' || paid === 0n) return changes;
			return eachOrganization(changes, (organization) => {
				const balanceMicros = organization.credit.balanceMicros - paid;
				return { ...organization, credit: { ...organization.credit, balanceMicros } };
			});
		})
	},
	{
		name: 'expired lot still spends',
		does: 'takes minutes from grants whose time is over',
		tier: PURE,
		decide: blind((state, command, nowMs) =>
			command.kind === 'withdraw_allocation'
				? state
				: withLots(state, (lot) =>
						lot.expiresAtMs !== null && lot.expiresAtMs <= nowMs
							? { ...lot, expiresAtMs: nowMs + 1 }
							: lot
					)
		)
	},
	{
		name: 'revoke takes held minutes',
		does: 'takes back minutes that a live call was promised',
		tier: PURE,
		decide: blind((state, command) =>
			command.kind === 'withdraw_allocation'
				? withLots(state, (lot) => ({ ...lot, heldMinutes: 0 }))
				: state
		)
	},
	{
		name: 'wrong burn order',
		does: 'spends the grants of the lowest priority first',
		tier: PURE,
		decide: (real) => (state, command, nowMs) => {
			const turned = withLots(state, (lot) => ({ ...lot, priority: -lot.priority }));
			const decision = real(turned, command, nowMs);
			const changes = eachOrganization(decision.changes, (organization) => {
				const { credit } = organization;
				const isNew = (id: string) => command.kind === 'allocate' && command.allocationId === id;
				const lots = credit.lots.map((lot) =>
					isNew(lot.id) ? lot : { ...lot, priority: -lot.priority }
				);
				return { ...organization, credit: { ...credit, lots } };
			});
			return { ...decision, changes };
		}
	},
	{
		name: 'wrong balance before and after',
		does: 'writes the balance of a transaction a micro-dollar off',
		tier: PURE,
		decide: after(({ changes }) => ({
			...changes,
			rows: {
				...changes.rows,
				transactions: changes.rows?.transactions?.map((row) => ({
					...row,
					balanceBeforeMicros: row.balanceBeforeMicros + 1n,
					balanceAfterMicros: row.balanceAfterMicros + 1n
				}))
			}
		}))
	},
	{
		name: 'usage row missing',
		does: 'uses minutes of two grants and logs only the first',
		tier: PURE,
		decide: after(({ changes }) => ({
			...changes,
			rows: { ...changes.rows, usage: changes.rows?.usage?.slice(0, 1) }
		}))
	},
	{
		name: 'deliveries not claimed',
		does: 'applies a delivery as often as it comes',
		tier: PURE,
		forgetsDeliveries: true
	},
	{
		name: 'unclear create released',
		does: 'gives the hold back when the create got no clear answer, though it may ring',
		tier: PURE,
		decide: before((command) =>
			command.kind === 'close_submit' ? { ...command, outcome: 'refused' } : command
		)
	},
	{
		name: 'terminal overwritten',
		does: 'lets a later, different end replace the first one, after it was charged',
		tier: PURE,
		decide: after(({ changes }, state, command) => {
			if (command.kind !== 'apply_delivery' || command.event.problems.length > 0) return changes;
			const { status, talkSeconds, endReason } = command.event;
			const ended = state.calls.get(callIdOf(state, command) ?? '');
			if (!ended || ended.endedAtMs === null || status === null || talkSeconds === null) {
				return changes;
			}
			return { ...changes, calls: [{ ...ended, status, talkSeconds, endReason }] };
		})
	},
	{
		name: 'live counter not decreased',
		does: 'counts a call as live after it has ended',
		tier: PURE,
		decide: after((decision) =>
			hasEnded(decision)
				? eachOrganization(decision.changes, (organization) => ({
						...organization,
						liveCalls: organization.liveCalls + 1
					}))
				: decision.changes
		)
	},
	{
		name: 'last minute paid twice',
		does: 'charges the last minute of mixed funding to the minutes and to the wallet',
		tier: PURE,
		decide: after(({ changes }) => {
			const usage = changes.rows?.usage ?? [];
			const last = usage.at(-1);
			const isMixed = changes.calls?.some((call) => (call.walletSeconds ?? 0) > 0) === true;
			if (!last || !isMixed || !isSettling(changes)) return changes;
			const twice = { ...last, minutesConsumed: last.minutesConsumed + 1 };
			return { ...changes, rows: { ...changes.rows, usage: [...usage.slice(0, -1), twice] } };
		})
	},
	{
		name: 'extension promised twice',
		does: 'writes a longer slice into the hold than was set aside for it',
		tier: PURE,
		decide: after(({ changes, result }) =>
			result.kind === 'extended'
				? {
						...changes,
						holds: changes.holds?.map((hold) => ({
							...hold,
							walletSeconds: hold.walletSeconds * 2,
							walletMicros: hold.walletMicros * 2n,
							parts: hold.parts.map((part) => ({ ...part, minutes: part.minutes * 2 }))
						}))
					}
				: changes
		)
	}
];
