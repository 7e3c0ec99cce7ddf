import type { ContactFilters } from '$lib/inputs';
import { hrefOf } from '../frame/href';

const yesNo = (value: boolean | undefined) => (value === undefined ? null : value ? 'yes' : 'no');

/** What stands in the address of a page of contacts: filters as people read them. */
export function contactsHref(path: string, filters: Partial<ContactFilters>): string {
	const { search, sort, doNotCall, isCalled, listId, importId, isArchived } = filters;
	return hrefOf(path, {
		search,
		sort: sort === 'name' ? null : sort,
		dnc: yesNo(doNotCall),
		called: yesNo(isCalled),
		list: listId,
		from: importId,
		archived: isArchived ? 'yes' : null
	});
}

/** Whether anything but the order narrows what is shown. */
export function isNarrowed({ sort: _sort, ...filters }: ContactFilters): boolean {
	return Object.values(filters).some(
		(value) => value !== undefined && value !== false && value !== ''
	);
}
