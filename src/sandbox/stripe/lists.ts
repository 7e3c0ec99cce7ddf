import { invalid } from './errors';
import type { Params } from './params';
import type { StripeRoom } from './room';

const USUAL_LIMIT = 10;
const LARGEST_LIMIT = 100;

function isWithin(created: number, params: Params): boolean {
	const exact = params.has('created') ? params.child('created') : null;
	if (exact === null) return true;
	const { gt, gte, lt, lte } = {
		gt: exact.integer('gt'),
		gte: exact.integer('gte'),
		lt: exact.integer('lt'),
		lte: exact.integer('lte')
	};
	return (
		(gt === null || created > gt) &&
		(gte === null || created >= gte) &&
		(lt === null || created < lt) &&
		(lte === null || created <= lte)
	);
}

/** One page, newest first, in Stripe's envelope; `starting_after` and `ending_before` are ids. */
export function toListPage<Listed extends { id: string; created?: number }>(
	url: string,
	newestFirst: readonly Listed[],
	params: Params
): object {
	const limit = params.integer('limit') ?? USUAL_LIMIT;
	if (limit < 1 || limit > LARGEST_LIMIT) {
		throw invalid('Invalid limit: must be from 1 to 100', { param: 'limit' });
	}
	const matching = newestFirst.filter((one) => isWithin(one.created ?? 0, params));
	const after = params.text('starting_after');
	const before = params.text('ending_before');
	const afterIndex = after === null ? -1 : matching.findIndex(({ id }) => id === after);
	if (after !== null && afterIndex < 0) {
		throw invalid(`No such object: '${after}'`, {
			code: 'resource_missing',
			param: 'starting_after'
		});
	}
	const beforeIndex = before === null ? -1 : matching.findIndex(({ id }) => id === before);
	const start = before === null ? afterIndex + 1 : Math.max(0, beforeIndex - limit);
	const end = before === null ? start + limit : beforeIndex;
	const hasMore = before === null ? end < matching.length : start > 0;
	return { object: 'list', data: matching.slice(start, end), has_more: hasMore, url };
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function expandPath(room: StripeRoom, value: unknown, path: string[]): void {
	const [field = '', ...rest] = path;
	if (Array.isArray(value)) return value.forEach((one) => expandPath(room, one, path));
	if (!isRecord(value)) return;
	const named = value[field];
	if (typeof named === 'string') {
		const found = room.store.find(named);
		if (found !== null) value[field] = structuredClone(found);
	}
	if (rest.length > 0) expandPath(room, value[field], rest);
}

/** A copy of an object with the fields of `expand` turned from ids into objects. */
export function expand(room: StripeRoom, object: object, params: Params): object {
	const copy = structuredClone(object);
	for (const path of params.texts('expand')) expandPath(room, copy, path.split('.'));
	return copy;
}
