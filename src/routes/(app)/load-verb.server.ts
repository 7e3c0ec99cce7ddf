import { error } from '@sveltejs/kit';
import { AppError, httpStatusOf } from '$lib/server/errors';

/** Runs a verb for a page: a refusal becomes an error page with its words, a fault stays a fault. */
export async function loadVerb<View>(verb: () => Promise<View>): Promise<View> {
	try {
		return await verb();
	} catch (thrown) {
		if (thrown instanceof AppError) error(httpStatusOf(thrown.code), thrown.message);
		throw thrown;
	}
}
